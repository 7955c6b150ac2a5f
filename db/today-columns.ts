import { type RawBuilder, sql } from 'kysely';

/** These, as `v`, with the names of whom each is about. */
export function named(those: RawBuilder<unknown>) {
  return sql`
    select v.*, coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone_e164,
        nullif(concat_ws(' ', kc.first_name, kc.last_name), ''), kc.email, d.name, co.name, kco.name, '') as lead_name,
      coalesce(co.name, co.domain, kco.name, kco.domain, '') as company_name, k.contact_id, k.company_id, k.deal_id
    from (${those}) v
      left join leads l on l.id = v.lead_id left join tasks k on k.id = v.task_id left join deals d on d.id = k.deal_id
      left join contacts c on c.id = l.contact_id left join companies co on co.id = l.company_id
      left join contacts kc on kc.id = k.contact_id left join companies kco on kco.id = k.company_id`;
}

/** What the task `t` is in Today. */
export const taskKind = sql`case t.kind when 'fix' then 'blocked' when 'assign' then 'unassigned'
    when 'meeting' then 'task' when 'email' then 'task' else t.kind end`;

/** What is to be done about the task `t`. */
export const taskAction = sql`case when t.kind in ('task', 'meeting', 'email') then 'done' else t.kind end`;
