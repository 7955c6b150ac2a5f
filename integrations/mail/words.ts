/**
 * Words that mail programs put around a quoted message, in the languages they speak.
 * Pure data: a new language is a word more in these lists.
 */
export const wrote = [
  ...['wrote', 'writes', 'schrieb', 'geschrieben', 'écrit', 'ecrit', 'escribió', 'escribio'],
  ...[
    'escreveu',
    'ha scritto',
    'scrive',
    'schreef',
    'geschreven',
    'skrev',
    'skrifaði',
    'kirjoitti',
    'kirjutas',
  ],
  ...['napisał', 'napisała', 'napisał\\(a\\)', 'pisze', 'napsal', 'napsala', 'napísal', 'napísala'],
  ...['napisao', 'napisala', 'je napisal', 'írta', 'a scris', 'yazdı', 'şunu yazdı', 'έγραψε'],
  ...['написал', 'написала', 'пишет', 'пише', 'написав', 'написа', 'rašė', 'rakstīja', 'ha escrit'],
  ...['写道', '寫道', '書きました', '님이 작성', '작성', 'đã viết', 'menulis', 'כתב', 'كتب', 'שלח'],
];

export const from = [
  ...['from', 'von', 'de', 'da', 'van', 'fra', 'från', 'od', 'lähettäjä', 'от', 'від', 'kimden'],
  ...['από', 'feladó', 'de la', 'expéditeur', 'remitente', 'mittente', 'nadawca', 'afzender'],
  ...['差出人', '发件人', '寄件者', '보낸 사람', 'message du', 'saatja'],
];

/** What else stands in the block of lines that begins with one of `from`. */
export const headings = [
  ...['sent', 'date', 'to', 'cc', 'subject', 'reply-to', 'gesendet', 'datum', 'an', 'betreff'],
  ...['envoyé', 'envoyé le', 'à', 'a', 'objet', 'sujet', 'copie à', 'inviato', 'data', 'oggetto'],
  ...['enviado', 'enviado el', 'enviado em', 'para', 'asunto', 'assunto', 'fecha', 'verzonden'],
  ...['aan', 'onderwerp', 'sendt', 'dato', 'til', 'emne', 'skickat', 'till', 'ämne', 'wysłano'],
  ...['do', 'dw', 'temat', 'lähetetty', 'vastaanottaja', 'aihe', 'отправлено', 'дата', 'кому'],
  ...['тема', 'копия', 'gönderilme', 'tarih', 'kime', 'konu', 'στάλθηκε', 'προς', 'θέμα'],
  ...['odesláno', 'komu', 'předmět', 'elküldve', 'címzett', 'tárgy', 'trimis', 'către', 'subiect'],
  ...[
    '送信日時',
    '宛先',
    '件名',
    '发送时间',
    '日期',
    '收件人',
    '抄送',
    '主题',
    '主旨',
    '받는 사람',
    '제목',
  ],
];

/** What stands between dashes above a quoted or forwarded message. */
export const original = [
  ...['original message', 'original appointment', 'forwarded message', 'reply message'],
  ...['ursprüngliche nachricht', 'originalnachricht', 'weitergeleitete nachricht'],
  ...["message d'origine", 'message original', 'message transféré', 'mensaje original'],
  ...['mensaje reenviado', 'mensagem original', 'messaggio originale', 'messaggio inoltrato'],
  ...['oorspronkelijk bericht', 'doorgestuurd bericht', 'oprindelig besked', 'opprinnelig melding'],
  ...['originalmeddelande', 'ursprungligt meddelande', 'videresendt', 'alkuperäinen viesti'],
  ...['wiadomość oryginalna', 'oryginalna wiadomość', 'původní zpráva', 'eredeti üzenet'],
  ...['mesaj original', 'orijinal ileti', 'исходное сообщение', 'пересылаемое сообщение'],
  ...['原始邮件', '原始郵件', '元のメッセージ', '원본 메시지'],
];

/** How a phone or a program says that it sent a mail; each begins a line of its own. */
export const sentFrom = [
  ...[
    'sent from',
    'sent with',
    'sent via',
    'sent by',
    'get outlook for',
    'download outlook for',
    'envoyé de',
    'envoyé depuis',
  ],
  ...['envoyé à partir de', 'gesendet von', 'von meinem', 'diese nachricht wurde von meinem'],
  ...['enviado desde', 'enviado do', 'enviado de', 'enviado a partir', 'inviato da', 'inviata da'],
  ...['verzonden vanaf', 'verstuurd vanaf', 'verstuurd via', 'sendt fra', 'skickat från'],
  ...['wysłane z', 'wysłano z', 'lähetetty', 'odesláno z', 'отправлено с', 'отправлено из'],
  ...[
    'trimis de pe',
    'gönderildi',
    'outlook für',
    'télécharger outlook',
    'yahoo mail:',
    'iphoneから送信',
  ],
  ...['发自我的', '從我的', '나의 iphone에서'],
];

/** How people take their leave above their name; each is a line of its own. */
export const farewells = [
  ...[
    'regards',
    'best regards',
    'kind regards',
    'warm regards',
    'warmest regards',
    'best',
    'cheers',
  ],
  ...[
    'sincerely',
    'yours sincerely',
    'yours truly',
    'yours faithfully',
    'best wishes',
    'all the best',
  ],
  ...['many thanks and regards', 'thanks and regards', 'thanks & regards', 'with kind regards'],
  ...['respectfully', 'mit freundlichen grüßen', 'mit freundlichen grüssen', 'freundliche grüße'],
  ...[
    'viele grüße',
    'beste grüße',
    'liebe grüße',
    'mfg',
    'lg',
    'vg',
    'cordialement',
    'bien à vous',
  ],
  ...[
    'bien cordialement',
    'sincères salutations',
    'salutations',
    'saludos',
    'un saludo',
    'atentamente',
  ],
  ...[
    'saludos cordiales',
    'atenciosamente',
    'abraços',
    'cumprimentos',
    'cordiali saluti',
    'saluti',
  ],
  ...['distinti saluti', 'met vriendelijke groet', 'vriendelijke groet', 'groeten', 'mvg'],
  ...['med venlig hilsen', 'venlig hilsen', 'mvh', 'med vänlig hälsning', 'vänliga hälsningar'],
  ...['med vennlig hilsen', 'hilsen', 'ystävällisin terveisin', 'terveisin', 'pozdrawiam'],
  ...['z poważaniem', 's pozdravem', 'с уважением', 'üdvözlettel', 'cu stimă', 'saygılarımla'],
];
