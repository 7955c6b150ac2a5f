/** Where anybody can have a mailbox: such a domain says nothing about a company. */
export const freeMail: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.ca yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.in
  yahoo.co.jp yahoo.com.au yahoo.com.br yahoo.com.mx ymail.com rocketmail.com outlook.com outlook.de
  outlook.fr outlook.es hotmail.com hotmail.co.uk hotmail.de hotmail.fr hotmail.es hotmail.it hotmail.ca
  live.com live.co.uk live.de live.fr live.ca live.nl msn.com passport.com aol.com aim.com icloud.com me.com
  mac.com proton.me protonmail.com pm.me tutanota.com tutanota.de tuta.io tuta.com gmx.com gmx.de gmx.net
  gmx.at gmx.ch gmx.us web.de t-online.de freenet.de arcor.de mail.com email.com usa.com mail.ru bk.ru
  inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru qq.com 163.com 126.com sina.com sohu.com foxmail.com
  naver.com daum.net hanmail.net rediffmail.com zoho.com zohomail.com fastmail.com fastmail.fm hushmail.com
  inbox.com lycos.com excite.com juno.com netzero.net netzero.com earthlink.net mindspring.com comcast.net
  xfinity.com verizon.net att.net sbcglobal.net bellsouth.net ameritech.net pacbell.net swbell.net cox.net
  charter.net spectrum.net roadrunner.com rr.com optonline.net optimum.net frontier.com frontiernet.net
  windstream.net centurylink.net centurytel.net embarqmail.com q.com qwest.net suddenlink.net mediacombb.net
  cableone.net sparklight.net tds.net hughes.net peoplepc.com wowway.com rcn.com shaw.ca rogers.com
  sympatico.ca bell.net telus.net videotron.ca btinternet.com sky.com talktalk.net virginmedia.com
  ntlworld.com blueyonder.co.uk tiscali.co.uk orange.fr wanadoo.fr free.fr sfr.fr laposte.net neuf.fr
  libero.it virgilio.it tin.it alice.it tiscali.it terra.com.br uol.com.br bol.com.br ig.com.br telenet.be
  skynet.be ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl hetnet.nl bluewin.ch hispeed.ch telia.com
  seznam.cz wp.pl o2.pl onet.pl interia.pl op.pl bigpond.com bigpond.net.au optusnet.com.au iinet.net.au
  xtra.co.nz hey.com duck.com mailbox.org posteo.de`.split(/\s+/),
);

/** Mailboxes that are thrown away after a minute. */
export const disposableMail: ReadonlySet<string> = new Set(
  `mailinator.com guerrillamail.com guerrillamail.info sharklasers.com grr.la 10minutemail.com tempmail.com
  temp-mail.org throwawaymail.com yopmail.com yopmail.fr trashmail.com trashmail.de getnada.com dispostable.com
  maildrop.cc mailnesia.com mintemail.com mohmal.com fakeinbox.com spamgourmet.com mytemp.email emailondeck.com
  discard.email tempail.com burnermail.io mailcatch.com moakt.com tempr.email spam4.me`.split(
    /\s+/,
  ),
);

/** Mailboxes that belong to a desk, not to a person. */
export const roleNames: ReadonlySet<string> = new Set(
  `info sales support contact office admin hello help enquiries inquiries service services billing accounts
  accounting dispatch team mail marketing hr jobs careers webmaster postmaster abuse noreply no-reply
  donotreply do-not-reply reception orders`.split(/\s+/),
);

/** Sites on which many firms have a page: their address says nothing about whose page it is. */
export const sharedSites: ReadonlySet<string> = new Set(
  `facebook.com fb.com m.facebook.com instagram.com twitter.com x.com linkedin.com youtube.com tiktok.com
  pinterest.com yelp.com linktr.ee google.com maps.google.com goo.gl maps.app.goo.gl g.page g.co sites.google.com
  business.site business.google.com bit.ly tinyurl.com angi.com angieslist.com thumbtack.com houzz.com
  homeadvisor.com yellowpages.com bbb.org nextdoor.com manta.com mapquest.com tripadvisor.com
  wa.me t.me about.me carrd.co`.split(/\s+/),
);
