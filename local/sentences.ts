/** What went wrong and what to do about it, for someone who only typed `npm start`. */
export function inWords(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const all = `${code ?? ''} ${message}`;
  if (/ENOSPC|No space left on device|disk is full/i.test(all))
    return 'The disk is full. Free some space, or set DATA_DIR to a folder on a disk that has some, and start again: nothing that was acknowledged is lost.';
  if (/could not look up effective user ID/.test(message))
    return 'PostgreSQL runs only as a user that has a name, and this one is a number. Add it to /etc/passwd (useradd), run as another user, or set DATABASE_URL.';
  if (/^(EACCES|EPERM|EROFS)/.test(all))
    return `${path ?? 'A file'} cannot be written by this user (${code}). Give the folder to this user, or set DATA_DIR to one that is.`;
  if (/^ENOTDIR|^EISDIR/.test(all))
    return `${path ?? 'DATA_DIR'} is not what it should be (${code}): DATA_DIR must be a folder.`;
  return message;
}
