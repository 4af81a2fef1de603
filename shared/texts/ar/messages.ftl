### ما يُرسَل في الرسائل النصية والبريد الإلكتروني. الأسماء والمتغيرات نفسها كما في ../en.
###
### Texts are UCS-2: two segments of 67 UTF-16 units with names and link. The link stands on a line of its own, so that
### a phone shows it from left to right. Digits are Western ones, as readers in the United States expect.

## The moment

weekday = { $weekday ->
    [mon] الاثنين
    [tue] الثلاثاء
    [wed] الأربعاء
    [thu] الخميس
    [fri] الجمعة
    [sat] السبت
   *[sun] الأحد
}
weekday-short = { weekday }
month = { $month ->
    [1] يناير
    [2] فبراير
    [3] مارس
    [4] أبريل
    [5] مايو
    [6] يونيو
    [7] يوليو
    [8] أغسطس
    [9] سبتمبر
    [10] أكتوبر
    [11] نوفمبر
   *[12] ديسمبر
}
month-short = { month }
clock = { $hour }:{ $minute } { $half ->
    [am] صباحًا
   *[pm] مساءً
}
moment-short = { weekday } { $day } { month } الساعة { clock } { $zone }
moment = { weekday } { $day } { month } { $year } الساعة { clock } { $zone }{ $placed ->
    [yes] {" "}(بتوقيت { $place })
   *[no] {""}
}
minutes = { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}

## The words that all share

visit-with = { $named ->
    [yes] موعد مع { $clinician }
   *[no] موعد
}
visit-kind = { $modality ->
    [audio] موعد عبر الهاتف
   *[video] موعد عبر الفيديو
}
how = { $modality ->
    [audio] بالهاتف
   *[video] بالفيديو
}
how-and-stay = { $modality ->
    [audio] بالهاتف، لا داعي للحضور
   *[video] بالفيديو، لا داعي للحضور
}
no-practice = عيادتك

## Texts

# Begins with a right-to-left mark: a phone takes the direction of the whole from the first letter, which may be Latin.
sms-from = {"\u200F"}{ $practice }: { $sentence }
sms-link =
    { $text }:
    { $link }
sms-stop =
    { $text }
    للإيقاف أرسل STOP
sms-time = { $hour }:{ $minute } { $half ->
    [am] ص
   *[pm] م
} { $zone }
sms-when = { weekday } { $day } { month } { sms-time }
sms-initial = { $recipient ->
    [clinician] لديك موعد { $when }
    [guest] ندعوك إلى { visit-with } { $when }
    [interpreter] نرجو الترجمة في { visit-with } { $when }
   *[patient] { visit-with } { $when }
}
sms-reminder = { $recipient ->
    [clinician] تذكير: لديك موعد { $when }
    [interpreter] تذكير: نرجو الترجمة في { visit-with } { $when }
   *[patient] تذكير: { visit-with } { $when }
}
sms-urgent = { $recipient ->
    [clinician] عاجل: نرجو الدخول إلى موعد { $when }
   *[patient] عاجل: نرجو الدخول إلى { visit-with } { $when }
}
sms-come-in = { $come ->
    [yes] نرجو الدخول الآن { $how }
   *[no] نرجو الدخول الآن
}
sms-ready = { $recipient ->
    [clinician] المريض في انتظارك لموعد { sms-time }. { sms-come-in }
    [patient] { $named ->
        [yes] { $clinician } في انتظارك لموعد { sms-time }. { sms-come-in }
       *[no] نحن في انتظارك لموعد { sms-time }. { sms-come-in }
    }
   *[guest] نحن في انتظارك لموعد { sms-time }. { sms-come-in }
}
sms-moved = { $recipient ->
    [clinician] وقت جديد للموعد: { $when }
   *[patient] وقت جديد: { visit-with } { $when }
}
sms-cancelled = { $recipient ->
    [clinician] أُلغي موعد { $when }. للاستفسار: { $phone }
   *[patient] أُلغي { visit-with } { $when }. للاستفسار: { $phone }
}
sms-help = مواعيد عبر الفيديو برابط. للاستفسار: { $phone }. للإيقاف أرسل STOP
sms-stopped = لن تصلك رسائلنا بعد الآن. لاستقبالها من جديد أرسل START. للاستفسار: { $phone }
sms-started = ستصلك رسائلنا من جديد. للإيقاف أرسل STOP. للاستفسار: { $phone }
sms-email-link = نرجو تأكيد هويتك خلال { minutes }
sms-one-time-code = { $code } هو رمزك لدى { $practice }. مدته { minutes }. لن نطلبه منك عبر الهاتف أبدًا.

sms-bare-visit = موعد { sms-when }
sms-bare-ready = نرجو الدخول الآن، { sms-time }
sms-bare-moved = وقت جديد { sms-when }
sms-bare-cancelled = أُلغي موعد { sms-when }. للاستفسار: { $phone }
sms-bare-email-link = نرجو تأكيد هويتك
sms-bare-one-time-code = { $code } هو رمزك. مدته { minutes }. لن نطلبه منك عبر الهاتف أبدًا.

## E-mails: subjects

subject-initial = { $recipient ->
    [guest] ندعوك إلى { visit-kind }: { moment-short }
    [interpreter] نرجو الترجمة في { visit-kind }: { moment-short }
   *[patient] لديك { visit-kind }: { moment-short }
}
subject-reminder = { $recipient ->
    [interpreter] تذكير: نرجو الترجمة في { visit-kind }، { moment-short }
    [guest] تذكير: { visit-kind }، { moment-short }
   *[patient] تذكير: لديك { visit-kind }، { moment-short }
}
subject-urgent = عاجل: نرجو الدخول إلى { visit-kind } ({ moment-short })
subject-ready = { $recipient ->
    [clinician] المريض في انتظارك: { visit-kind } ({ moment-short })
   *[patient] نحن في انتظارك: نرجو الدخول الآن { how }
}
subject-moved = { $recipient ->
    [interpreter] وقت جديد: نرجو الترجمة في { visit-kind }، { moment-short }
   *[patient] وقت جديد: { visit-kind }، { moment-short }
}
subject-cancelled = أُلغي { visit-kind }: { moment-short }
subject-one-time-code = رمزك
subject-email-link = نرجو تأكيد هويتك

heading-initial = { $recipient ->
    [guest] ندعوك إلى { visit-kind }
    [interpreter] نرجو الترجمة في { visit-kind }
   *[patient] لديك { visit-kind }
}
heading-reminder = { heading-initial }
heading-urgent = نرجو الدخول الآن
heading-ready = { $recipient ->
    [clinician] المريض في انتظارك. نرجو الدخول الآن.
   *[patient] نحن في انتظارك. نرجو الدخول الآن.
}
heading-moved = وقت جديد: { visit-kind }
heading-cancelled = أُلغي { visit-kind }
heading-one-time-code = رمزك
heading-email-link = نرجو تأكيد هويتك

## E-mails: what they say

body-visit = { $recipient ->
    [clinician] لديك { visit-kind } لدى { $practice }.
    [guest] { $practice }: ندعوك إلى { visit-with }. الموعد { how }، ولا داعي للحضور إلى العيادة.
    [interpreter] { $practice }: نرجو منك الترجمة في { visit-with }. الموعد { how }، ولا داعي للحضور إلى العيادة.
   *[patient] لديك { visit-with } لدى { $practice }. الموعد { how }، ولا داعي للحضور إلى العيادة.
}
body-open = { $recipient ->
    [clinician] يشير الرابط إلى الموعد، وسيُطلب منك إثبات هويتك.
   *[patient] { $modality ->
        [audio] يمكن فتح الرابط على هاتف أو جهاز لوحي أو حاسوب فيه ميكروفون. لا حاجة إلى كاميرا.
       *[video] يمكن فتح الرابط على هاتف أو جهاز لوحي أو حاسوب فيه كاميرا وميكروفون.
    }
}
body-urgent = نرجو الدخول في أقرب وقت ممكن.
body-moved = تغيّر وقت الموعد، ولم يعد الوقت السابق قائمًا.
body-cancelled = { $recipient ->
    [clinician] لن يُعقد الموعد التالي لدى { $practice }.
    [patient] لن يُعقد { visit-with } لدى { $practice }. لا يلزمك القيام بأي شيء. لتحديد وقت آخر، يسعدنا اتصالك بنا.
   *[guest] لن يُعقد { visit-with } لدى { $practice }. لا يلزمك القيام بأي شيء.
}
body-one-time-code = نرجو كتابة هذا الرمز في صفحة { $practice } التي تطلبه.
body-email-link = وصل إلى { $practice } طلب للسماح لك بالدخول. نرجو فتح الرابط على الجهاز الذي ستستخدمه للموعد.

label-when = الوقت
label-was = كان مقررًا
label-how-long = المدة
label-how = الطريقة
label-with = مع
label-practice = العيادة
label-code = الرمز
value-how = { $modality ->
    [audio] عبر الهاتف
   *[video] عبر الفيديو
}

button-join = الدخول إلى الموعد
button-join-now = الدخول إلى الموعد الآن
button-confirm = نعم، هذا أنا
button-copy = إذا لم يعمل الزر، يمكن نسخ هذا العنوان إلى المتصفح:

note-link = هذا الرابط لك وحدك. نرجو عدم مشاركته مع أحد.
note-code = مدة الرمز: { minutes }. لن نطلبه منك عبر الهاتف أبدًا.
note-email-link = مدة الرابط: { minutes }، ويعمل مرة واحدة.
note-not-expected = إذا لم تطلب هذا، فلا يلزمك القيام بأي شيء.
note-questions = للاستفسار، هاتف { $practice }:

## The entry in a calendar

calendar-summary = { $modality ->
    [audio] موعد عبر الهاتف مع { $practice }
   *[video] موعد عبر الفيديو مع { $practice }
}
calendar-location = { $modality ->
    [audio] عبر الهاتف: الرابط في رسالة { $practice }
   *[video] عبر الفيديو: الرابط في رسالة { $practice }
}
calendar-description = { $recipient ->
    [clinician] الرابط في رسالة { $practice }. للاستفسار: { $phone }
   *[patient] لا داعي للحضور إلى العيادة. الرابط في رسالة { $practice }. للاستفسار: { $phone }
}
calendar-cancelled = لن يُعقد هذا الموعد. للاستفسار: { $phone }

## Places

place-America-New_York = نيويورك
place-America-Detroit = ديترويت
place-America-Chicago = شيكاغو
place-America-Denver = دنفر
place-America-Phoenix = فينكس
place-America-Los_Angeles = لوس أنجلوس
place-America-Anchorage = أنكوريج
place-Pacific-Honolulu = هونولولو
place-America-Puerto_Rico = بورتوريكو
