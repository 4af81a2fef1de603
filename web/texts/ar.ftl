### ما تقوله الصفحات. في اللغات الأخرى الرسائل نفسها بالأسماء نفسها.

## Every page

product = زيارة بالفيديو
language = اللغة
call-practice = اتصل على { $phone }
foot-no-phone = لديك أسئلة؟ اتصل بعيادتك.
foot-emergency = في حالات الطوارئ اتصل بالرقم 911.
try-again = حاول مرة أخرى
close = إغلاق
offline = لا يوجد اتصال الآن. تواصل هذه الصفحة المحاولة من تلقاء نفسها.
check-devices = فحص الكاميرا والميكروفون
to-portal = إلى زياراتي
trouble-offline = لا يمكننا الوصول إلى العيادة. يرجى التحقق من الاتصال.
trouble-busy = الخدمة مشغولة. يرجى المحاولة بعد لحظات.
trouble-limited = محاولات كثيرة جدًا. يرجى الانتظار عشر دقائق أو الاتصال بعيادتك.
trouble-media = لم يمكن إعداد المكالمة بعد. حاول مرة أخرى: رابطك ما زال يعمل.
trouble-failed = حدث خطأ ما. حاول مرة أخرى أو اتصل بعيادتك.

## Join: states

state-loading = لحظة من فضلك…
state-in-app = يرجى فتح هذه الصفحة في المتصفح
state-unsupported = هذا المتصفح لا يستطيع إجراء مكالمات الفيديو
state-unreachable = تعذر فتح الصفحة
state-incomplete = يرجى فتح الرابط مرة أخرى
state-invalid = هذا الرابط لا يعمل
state-dead = هذا الرابط لم يعد صالحًا
state-used = هذا الرابط مفتوح على جهاز آخر
state-other-tab = زيارتك مفتوحة في علامة تبويب أخرى
state-cancelled = أُلغيت هذه الزيارة
state-ended = انتهت هذه الزيارة
state-early = وصلت قبل الموعد بقليل
state-preview = هل أنت جاهز لزيارتك؟
state-proving = يرجى إثبات هويتك
state-turned-away = لم يُسمح لك بالدخول

## Join: what to do

nothing-spent = رابطك ما زال يعمل: لم يُستهلك شيء.
in-app-title = يرجى فتح هذه الصفحة في { $target }
in-app-named = فتحت الرابط داخل { $app }. كثيرًا ما لا تعمل الكاميرا والميكروفون هناك.
in-app-unnamed = فتحت الرابط داخل تطبيق آخر. كثيرًا ما لا تعمل الكاميرا والميكروفون هناك.
in-app-open = افتح في { $target }
in-app-copy = نسخ الرابط
in-app-copied = تم النسخ
in-app-here = المحاولة هنا على أي حال
in-app-menu = إذا لم يحدث شيء: انسخ الرابط وافتح { $target } والصقه في السطر العلوي.
unsupported-what = يرجى فتح الرابط في Safari على iPhone أو iPad، أو في Chrome على أي هاتف أو حاسوب آخر.
incomplete-what = يرجى الضغط مرة أخرى على الرابط في رسالتك النصية أو بريدك. نحتاج إلى الرابط كاملًا.
invalid-what = يرجى الضغط على الرابط في أحدث رسالة من عيادتك. إذا كتبته بنفسك فراجع كل حرف.
invalid-call = إذا لم يساعد ذلك فاتصل بعيادتك.
dead-what = انتهت صلاحيته أو أُرسل رابط أحدث. يمكننا إرسال رابط جديد إلى الهاتف والبريد المسجلين لدى عيادتك.
renew = أرسلوا لي رابطًا جديدًا
renew-done = رابط جديد في الطريق.
renew-done-where = راجع رسائلك النصية وبريدك. يستغرق ذلك دقيقة أو دقيقتين.
other-tab-what = يمكنك إغلاق هذه الصفحة أو المتابعة هنا.
phone-instead = إذا لم يعمل الفيديو فاتصل بالعيادة: يمكن متابعة الزيارة بالهاتف.
used-what = يمكننا إرسال رابط جديد إلى الهاتف والبريد المسجلين لدى عيادتك.
used-move = للمتابعة هنا نرسل رمزًا إلى هاتفك. عندها يغادر الجهاز الآخر الزيارة.
used-send-code = أرسلوا لي رمزًا
used-not-you = ألم تكن أنت؟ يرجى الاتصال بعيادتك.
cancelled-what = إذا لم تتوقع ذلك فيرجى الاتصال بعيادتك.
ended-what = هل لديك سؤال؟ تستطيع عيادتك مساعدتك.
turned-away-what = لم تسمح لك العيادة بالدخول أو أنهت مشاركتك في الزيارة. اتصل إذا كان ذلك مفاجئًا لك.

## Join: before the visit

visit-facts = زيارتك
visit-with = مع { $name }
visit-of = زيارة مع { $name }
visit-when = { $when }
visit-open-from = مفتوحة من { $when }
visit-own-zone = بتوقيت هذا الجهاز: { $when }
visit-video = بالفيديو. يرجى عدم الحضور إلى العيادة.
visit-audio = بالصوت من دون فيديو. يرجى عدم الحضور إلى العيادة.
early-opens = تسمح لك هذه الصفحة بالدخول
early-stay = يمكنك تركها مفتوحة: تتابع من تلقاء نفسها.
early-calendar = أضف إلى تقويمي
calendar-title = زيارة بالفيديو، { $practice }
calendar-how = افتح الرابط في رسالة عيادتك. للأسئلة: { $phone }
preview-clinician = هل أنت جاهز للبدء؟
preview-factors = بعد ذلك نطلب منك إثبات هويتك.
preview-waiting-room = ستنتظر لحظات حتى يُسمح لك بالدخول.
preview-consent = بالضغط على «انضم» توافق على أن تُعايَن بالفيديو أو بالصوت بدلًا من العيادة. يمكنك المغادرة في أي وقت.
name = اسمك
name-why = لتعرف العيادة من عند الباب.
name-missing = يرجى كتابة اسمك.
join = انضم
joining = جارٍ الانضمام…

## Join: to show who one is

proving-sms-otp = نرسل لك رمزًا
proving-sms-otp-why = يُرسل إلى رقم الهاتف المسجل لدى عيادتك.
proving-sms-otp-send = أرسل الرمز
proving-sms-otp-label = الأرقام الستة من الرسالة
proving-email-link = نرسل لك بريدًا
proving-email-link-why = يُرسل إلى العنوان المسجل لدى عيادتك. اضغط على الرابط فيه ثم على «تأكيد».
proving-email-link-send = أرسل البريد
proving-phone-last4 = آخر رقم هاتفك
proving-phone-last4-why = يرجى كتابة آخر أربعة أرقام من الرقم المسجل لدى عيادتك.
proving-phone-last4-send = متابعة
proving-phone-last4-label = آخر أربعة أرقام من هاتفك
proving-sent = أُرسل إلى { $to }
proving-digits = يرجى كتابة { $length } أرقام.
proving-wrong = { $left ->
    [0] هذا غير صحيح.
    [one] هذا غير صحيح. بقيت محاولة واحدة.
    [two] هذا غير صحيح. بقيت محاولتان.
   *[other] هذا غير صحيح. بقيت { $left } محاولات.
}
proving-go = متابعة
proving-resend = لم تصلني الرسالة: أرسلها مرة أخرى
proving-email-sent = أُرسل إلى { $to }. افتحه واضغط على «تأكيد».
proving-email-stay = اترك هذه الصفحة مفتوحة: تتابع من تلقاء نفسها.
proving-email-done = لقد أكدت
proving-no-contact = ليس لدى عيادتك هاتف أو عنوان لذلك. يرجى الاتصال.
proving-closed = هذا الرمز لم يعد يعمل. اطلب رمزًا جديدًا أو اتصل بعيادتك.
confirm-title = أكد أنه أنت
confirm-what = أنت على وشك الانضمام إلى زيارة بالفيديو في صفحة أخرى. اضغط فقط إذا كنت أنت.
confirm-press = تأكيد
confirm-done = شكرًا
confirm-done-what = يرجى العودة إلى الصفحة السابقة. تتابع من تلقاء نفسها.
confirm-dead = هذا الرابط لم يعد يعمل. ارجع إلى الصفحة السابقة واطلب بريدًا جديدًا.

## In the visit

stand-resuming = نعيدك إلى مكانك…
stand-waiting = أنت في غرفة الانتظار
stand-joining = جارٍ توصيلك…
stand-call = في المكالمة
stand-left = لقد غادرت
let-in = يُسمح لك بالدخول الآن.
waiting-knows = يعلم { $name } أنك هنا وسيسمح لك بالدخول.
waiting-knows-nameless = تعلم العيادة أنك هنا وستسمح لك بالدخول.
waiting-position = { $position ->
    [1] أنت التالي.
   *[other] رقمك في الصف { $position }.
}
waiting-forecast = { $minutes ->
    [one] الانتظار نحو دقيقة واحدة.
    [two] الانتظار نحو دقيقتين.
    [few] الانتظار نحو { $minutes } دقائق.
   *[other] الانتظار نحو { $minutes } دقيقة.
}
waiting-stay = اترك هذه الصفحة مفتوحة. ستسمع صوتًا عندما يُسمح لك بالدخول.
waiting-leave = مغادرة غرفة الانتظار
do-not-close = لا تغلق هذه الصفحة: هذا المتصفح لا يستطيع تذكرك.
left-what = يمكنك العودة حتى تنتهي الزيارة.
left-back = العودة
over-ended = انتهت الزيارة
over-ended-what = شكرًا. إذا كان لديك سؤال فتستطيع عيادتك مساعدتك. يمكنك إغلاق هذه الصفحة.
over-cancelled = أُلغيت هذه الزيارة
over-cancelled-what = إذا لم تتوقع ذلك فيرجى الاتصال بعيادتك.
over-rejected = لم يُسمح لك بالدخول
over-rejected-what = يرجى الاتصال بعيادتك إذا كان ذلك مفاجئًا لك.
over-removed = لم تعد في الزيارة
over-removed-what = أنهت العيادة مشاركتك في الزيارة. اتصل إذا كان ذلك مفاجئًا لك.
over-elsewhere = أنت في الزيارة على جهاز آخر
over-elsewhere-what = أو انتهى وقتك هنا. يمكنك المتابعة هنا على أي حال.
over-again = المتابعة هنا

## The call

call-connecting = جارٍ الاتصال…
call-connected = متصل
call-reconnecting = جارٍ إعادة الاتصال…
call-failed = غير متصل
call-stopped = جارٍ إعادة الاتصال…
call-reconnecting-long = انقطع الاتصال. نعيدك الآن، يرجى البقاء.
call-failed-long = لم يعد الاتصال. تحقق من شبكتك أو اتصل بالعيادة.
call-full = المكالمة ممتلئة الآن. نواصل المحاولة.
call-alone = أنت متصل. سيصل الآخرون بعد لحظات.
call-somebody = مشارك
call-came = { $name } هنا.
call-went = غادر { $name }.
call-dropped = انقطع اتصال { $name }.
call-person-dropped = إعادة اتصال
call-person-muted = صامت
call-says = { $name }:
call-captions = الترجمة النصية
call-recorded = يجري تسجيل هذه الزيارة
call-recorded-over = توقف التسجيل
call-screen = شاشة مشتركة
call-controls = أدوات المكالمة
call-mute = كتم الصوت
call-unmute = تشغيل الصوت
call-camera-off = إيقاف الكاميرا
call-camera-on = تشغيل الكاميرا
call-flip = تبديل الكاميرا
call-share = مشاركة الشاشة
call-share-stop = إيقاف المشاركة
call-help = هل تسمعونني؟
call-help-how = قل شيئًا: هل يتحرك الشريط؟ إذن يستطيع الآخرون سماعك. إذا لم تسمعهم فارفع الصوت أو اختر سماعة أخرى.
call-leave = مغادرة
call-resume = اضغط للمتابعة
quality-good = اتصال جيد
quality-weak = اتصال ضعيف
quality-poor = اتصال ضعيف جدًا
quality-advice = اتصالك ضعيف جدًا. إيقاف الكاميرا يحسن الصوت.

## Camera and microphone

devices-title = الكاميرا والميكروفون
devices-why = شاهد نفسك واسمعها أولًا. لا يستطيع ذلك أحد غيرك قبل أن تنضم.
devices-why-audio = اسمع نفسك أولًا. لا يستطيع ذلك أحد غيرك قبل أن تنضم.
devices-turn-on = تشغيل الكاميرا والميكروفون
devices-turn-on-audio = تشغيل الميكروفون
devices-asking = يسألك المتصفح عن الإذن. يرجى الضغط على «سماح».
devices-again = حاول مرة أخرى
devices-choose = اختيار أجهزة أخرى
devices-denied = لا يسمح متصفحك لهذه الصفحة باستخدام الكاميرا أو الميكروفون.
devices-missing = لم نجد كاميرا أو ميكروفونًا. هل هو موصول؟
devices-busy = تطبيق آخر يستخدم الكاميرا أو الميكروفون. يرجى إغلاقه.
devices-unsupported = لا يتيح هذا المتصفح الكاميرا والميكروفون للصفحات.
devices-failed = لم تعمل الكاميرا أو الميكروفون.
devices-allow-ios = في Safari اضغط على الزر بجانب العنوان ثم على إعدادات موقع الويب، واسمح بالكاميرا والميكروفون.
devices-allow-android = اضغط على العلامة بجانب العنوان ثم على الأذونات، واسمح بالكاميرا والميكروفون.
devices-allow-safari = في قائمة Safari اختر إعدادات موقع الويب هذا، واسمح بالكاميرا والميكروفون.
devices-allow-firefox = اضغط على الكاميرا المشطوبة بجانب العنوان وأزل الحظر.
devices-allow-desktop = اضغط على العلامة بجانب العنوان واسمح بالكاميرا والميكروفون. ثم حمّل الصفحة من جديد.
devices-without = يمكنك الانضمام على أي حال والمتابعة بالهاتف.
camera = الكاميرا
camera-preview = صورتك أنت
camera-is-off = الكاميرا متوقفة.
camera-turn-off = إيقاف الكاميرا
camera-turn-on = تشغيل الكاميرا
microphone = الميكروفون
microphone-level = مستوى صوتك
microphone-say-something = قل شيئًا: يتحرك الشريط مع صوتك.
speaker = السماعة

## Device check

check-title = فحص الكاميرا والميكروفون
check-what = دقيقة الآن توفر الوقت يوم زيارتك.
check-browser-good = يستطيع { $browser } إجراء مكالمات الفيديو.
check-browser-bad = لا يستطيع { $browser } إجراء مكالمات الفيديو. يرجى استخدام Safari على iPhone أو iPad، أو Chrome على أي جهاز آخر.
check-network-asking = نفحص اتصالك…
check-network-good = اتصالك جيد.
check-network-slow = اتصالك بطيء. اقترب من الموجه أو بدّل بين Wi-Fi وبيانات الهاتف.
check-network-none = لا يمكن الوصول إلى العيادة. يرجى التحقق من الاتصال.
check-speaker = هل تسمع صوتًا؟
check-speaker-play = تشغيل صوت
check-ready = أنت جاهز لزيارتك.
check-ready-how = في يوم الزيارة اضغط على الرابط في رسالة عيادتك.

## Portal

portal-title = زياراتك
portal-what = سجّل الدخول لرؤية زياراتك والانضمام إليها.
portal-refused = يرجى تسجيل الدخول مرة أخرى.
portal-link-too = يمكنك دائمًا الانضمام بالرابط في رسالة عيادتك من دون تسجيل الدخول.
sign-in-at = تسجيل الدخول في { $practice }
sign-out = تسجيل الخروج
portal-upcoming = القادمة
portal-past = السابقة
portal-none = لا توجد زيارة مقررة.
portal-video = زيارة بالفيديو
portal-audio = زيارة بالصوت
portal-more = عرض المزيد
portal-back = كل الزيارات
portal-instructions = كيف تستعد
portal-notes = ملاحظات من زيارتك
portal-fault-offline = لا يمكن الوصول إلى العيادة الآن. يرجى المحاولة مرة أخرى.
portal-fault-early = هذه الزيارة ليست مفتوحة بعد.
portal-fault-over = لم يعد ممكنًا الانضمام إلى هذه الزيارة.
portal-fault-media = لم يمكن إعداد المكالمة بعد. يرجى الضغط على «انضم» مرة أخرى.
status-REQUESTED = لم تُؤكد بعد
status-SCHEDULED = مقررة
status-ACTIVE = جارية
status-COMPLETED = تمت
status-TECHNICAL = انتهت مبكرًا
status-CANCELLED = ملغاة
status-NO_SHOW = لم تتم

## The desk

desk-title = المكتب
desk-page-title = المكتب
desk-page-title-waiting = ({ $count }) { $count ->
    [one] شخص ينتظر
   *[other] عدد المنتظرين { $count }
} – المكتب
desk-loading = جارٍ التحميل…
desk-sign-in = تسجيل الدخول
desk-sign-in-at = تسجيل الدخول لدى { $practice }
desk-sign-in-text = سجّل الدخول لترى زيارات اليوم وتُدخل مرضاك.
desk-sign-in-failed = لم ينجح تسجيل الدخول. يُرجى المحاولة مرة أخرى.
desk-no-practice = لا يمكن لأحد تسجيل الدخول هنا بعد. يُرجى سؤال من يدير هذه الخدمة.
desk-sign-out = تسجيل الخروج
desk-ended = انتهت جلستك. سجّل الدخول من جديد: ما كتبته باقٍ هنا.
desk-renew = تسجيل الدخول من جديد
desk-renewed-title = تم تسجيل دخولك
desk-renewed-text = يمكنك إغلاق هذه النافذة ومتابعة العمل في مكتبك.
desk-again = حاول مرة أخرى
desk-zone = الأوقات بحسب ساعة هذا الجهاز: { $zone }
desk-silent = لا صوت بعد: لا يسمح متصفحك لهذه الصفحة بالرنين إلا بعد أن تضغط على شيء فيها.
desk-sound = شغّل الصوت وجرّب الرنين
desk-today = زيارات اليوم
desk-over = زيارات أخرى اليوم
desk-empty = لا توجد زيارات متبقية اليوم.
desk-choose = اختر زيارة لترى من ينتظر.
desk-kind = { $type ->
    [initial] زيارة أولى
    [urgent] زيارة عاجلة
   *[follow-up] زيارة متابعة
} { $modality ->
    [audio] بالهاتف
   *[video] بالفيديو
}، المدة بالدقائق: { $minutes }
desk-status = { $status ->
    [REQUESTED] لم يؤكدها المريض بعد
    [ACTIVE] جارية
    [COMPLETED] اكتملت
    [TECHNICAL] انتهت بسبب مشكلة تقنية
    [CANCELLED] أُلغيت
    [NO_SHOW] لم يحضر المريض
   *[SCHEDULED] مقررة
}
desk-waits-since = { $count ->
    [one] ينتظر
   *[other] عدد المنتظرين { $count }،
} منذ { $since } ({ $minutes ->
    [0] الآن
    [one] دقيقة واحدة
   *[other] بالدقائق: { $minutes }
})
desk-arrived = { $count ->
    [one] ينتظر الدخول:
   *[other] ينتظرون الدخول:
} { $names }
desk-messages = الرسائل إلى المريض
desk-message-none = لم تُرسل أي رسالة بعد
desk-message = { $channel ->
    [sms] الرسالة النصية:
   *[email] البريد الإلكتروني:
} { $status ->
    [pending] قيد الإرسال
    [sent] أُرسل
    [delivered] وصل
    [opted-out] لم يُرسل، فالمريض لا يريد رسائل
   *[failed] لم يصل
}
desk-resend = إرسال رابط جديد
desk-resent = رابط جديد في الطريق. الرابط القديم لم يعد يعمل.
desk-people = من الموجود هنا
desk-nobody = لم يأتِ أحد بعد.
desk-role = { $role ->
    [patient] المريض
    [clinician] الطبيب المعالج
    [interpreter] المترجم
   *[guest] ضيف
}
desk-person = { $status ->
    [WAITING] ينتظر الدخول منذ { $since }
    [ADMITTED] سُمح بالدخول في { $since }
    [JOINED] في المكالمة منذ { $since }
    [LEFT] غادر في { $since }، ويمكنه العودة
    [REJECTED] رُفض دخوله في { $since }
   *[REMOVED] أُخرج في { $since }
} ({ $minutes ->
    [0] الآن
    [one] قبل دقيقة
   *[other] قبل دقائق عددها { $minutes }
})
desk-proof = { $proof ->
    [link] الرابط المُرسل إليه
    [portal] تسجيل الدخول في البوابة
    [meeting-code] الرمز العام
    [sms-otp] رمز أُرسل إلى هاتفه
    [email-link] رابط في بريده
   *[phone-last4] آخر أرقام هاتفه
}
desk-verified = { $count ->
    [0] غير متحقَّق منه
   *[other] تم التحقق عبر: { $how }
}
desk-silent-person = لم يصل شيء من جهازه منذ { $minutes ->
    [0] ثوانٍ
    [one] دقيقة
   *[other] دقائق عددها { $minutes }
}. إذا سمحت بدخوله الآن تصله رسالة نصية.
desk-blocked = عدد محاولات غيره لاستخدام رابطه: { $count }، وقد رُفضت. يُرجى التأكد من أنك ترى الشخص الصحيح.
desk-admit = السماح بدخول { $name }
desk-reject = رفض الدخول
desk-reject-title = رفض دخول { $name }؟
desk-reject-text = يُبلَّغ بأنه لا يستطيع الدخول الآن، ولا يمكنه المحاولة مرة أخرى بهذا الرابط.
desk-remove = إخراج من المكالمة
desk-remove-title = إخراج { $name } من المكالمة؟
desk-remove-text = تنتهي مكالمته فورًا ولا يمكنه العودة إلى هذه الزيارة.
desk-admitted = سُمح بدخول { $name }.
desk-call = المكالمة
desk-call-start = بدء المكالمة
desk-call-return = العودة إلى المكالمة
desk-call-not-open = تُفتح المكالمة في { $time }.
desk-call-over = انتهى وقت هذه المكالمة.
desk-call-left = غادرت المكالمة. تستمر الزيارة حتى تُنهيها.
desk-call-connect = تأتي مكالمات هذه العيادة في لوحة Amazon Connect. اقبل هناك جهة الاتصال الخاصة بهذه الزيارة.
desk-call-rings = عندما يُسمح للمريض بالدخول ترنّ المكالمة هنا في أعلى هذه الصفحة.
desk-panel = المكالمات عبر Amazon Connect
desk-panel-frame = لوحة Amazon Connect
desk-panel-show = لوحة Amazon Connect: كتم الصوت والأجهزة
desk-panel-loading = جارٍ الاتصال بـ Amazon Connect…
desk-panel-idle = لا ترنّ أي مكالمة.
desk-panel-state = حالتك في Amazon Connect
desk-panel-silent = لا يستجيب Amazon Connect. في الغالب لم يسجّل أحد الدخول إليه في هذا المتصفح.
desk-panel-silent-how = سجّل الدخول في النافذة التي تُفتح ثم عُد إلى هنا. إن لم يُجدِ ذلك فاسمح بملفات تعريف الارتباط من { $origin } في هذا المتصفح، أو اطلب ممن يدير Amazon Connect لديكم أن يوافق على عنوان هذه الصفحة.
desk-panel-signed-out = انتهى تسجيل دخولك إلى Amazon Connect. سجّل الدخول من جديد ثم عُد إلى هنا.
desk-panel-denied = لا يحق لمستخدمك في Amazon Connect تلقّي المكالمات هنا. اسأل من يدير Amazon Connect لديكم.
desk-panel-blocked = لا يُسمح لهذه الصفحة بعرض لوحة { $origin }. أخبر من يدير هذه الخدمة.
desk-panel-failed = تعذّر تحميل الاتصال بـ Amazon Connect. أعد تحميل هذه الصفحة.
desk-panel-rest = إلى ذلك الحين لا ترنّ هنا أي مكالمة. كل ما عدا ذلك في هذا المكتب يعمل.
desk-panel-sign-in = تسجيل الدخول إلى Amazon Connect
desk-contact = المكالمة مع { $name }
desk-contact-ringing = يتصل { $name }.
desk-contact-taken = أنت في المكالمة مع { $name }.
desk-contact-over = انتهت المكالمة مع { $name }.
desk-contact-missed = لم يُرَدّ على المكالمة مع { $name }.
desk-contact-unknown = مكالمة لا تخصّ أي زيارة من زيارات اليوم في هذا المكتب.
desk-contact-accept = الرد على المكالمة
desk-contact-open = عرض المكالمة هنا
desk-contact-hang-up = إنهاء المكالمة
desk-contact-finish = إتمام
desk-contact-after = بعد المكالمة: { $time }. لا ترنّ مكالمة أخرى حتى تُتمّ.
desk-contact-visit-on = تستمر الزيارة حتى تُنهيها: قد يتصل { $name } مرة أخرى.
desk-contact-connecting = جارٍ توصيل المكالمة…
desk-contact-sound = تتكلم وتسمع عبر Amazon Connect. اكتم صوتك في لوحته.
desk-contact-sound-only = تتكلم وتسمع عبر Amazon Connect، وليس لهذه المكالمة صورة. اكتم صوتك في لوحته.
desk-contact-no-pictures = تعذّر عرض صورة هذه المكالمة. ما زال بعضكما يسمع الآخر.
desk-error-panel = لم يفعل Amazon Connect ذلك. حاول من جديد، أو افعله في لوحته في الأسفل.
desk-call-above = المكالمة في أعلى هذه الصفحة.
desk-call-elsewhere = أنت في هذه المكالمة في نافذة أخرى أو على جهاز آخر.
desk-notes = الملاحظات
desk-notes-label = ملاحظات هذه الزيارة
desk-notes-hint = تُحفظ في علامة التبويب هذه حتى تُنهي الزيارة.
desk-end = إنهاء الزيارة
desk-end-title = إنهاء هذه الزيارة؟
desk-end-why = كيف انتهت؟
desk-end-reason = { $reason ->
    [completed] اكتملت الزيارة
    [technical-issue] أنهتها مشكلة تقنية
    [no-show] لم يحضر المريض
   *[cancelled] أُلغيت
}
desk-release = يمكن للمريض قراءة هذه الملاحظات
desk-no-notes = لم تكتب أي ملاحظات.
desk-ended-visit = انتهت الزيارة.
desk-outcome = كيف انتهت
desk-reason = سبب الزيارة
desk-instructions = ما قيل للمريض
desk-for-patient = الوقت لدى المريض { $time }.
desk-quick = إجراءات سريعة
desk-new-window = (تُفتح نافذة جديدة)
desk-close = إغلاق
desk-cancel = إلغاء
desk-error-signed-out = انتهت جلستك. سجّل الدخول من جديد ثم حاول مرة أخرى. ما كتبته باقٍ هنا.
desk-error-unreachable = لا يمكن الوصول إلى الخدمة. يُرجى التحقق من اتصالك؛ هذه الصفحة تواصل المحاولة.
desk-error-other = حدث خطأ ما. يُرجى المحاولة مرة أخرى. إذا تكرر فأعطِ هذا الرقم لمن يدير الخدمة: { $reference }
desk-error-forbidden = تسجيل دخولك لا يسمح بذلك. المكتب للأطباء المعالجين.
desk-error-not-found = هذه الزيارة غير موجودة أو ليست لك.
desk-error-participant-state = تغيّر ذلك في هذه الأثناء. يُرجى النظر مرة أخرى.
desk-error-visit-state = هذه الزيارة الآن في حالة أخرى لا تسمح بذلك.
desk-error-visit-ended = انتهت هذه الزيارة بالفعل.
desk-error-visit-cancelled = هذه الزيارة ملغاة.
desk-error-visit-not-open = هذه الزيارة لم تُفتح بعد.
desk-error-no-contact-for-channel = لا يُعرف للمريض رقم أو عنوان لذلك.
desk-error-notification-failed = تعذّر إرسال الرسالة الآن. تُعاد المحاولة تلقائيًا.
desk-error-rate-limited = طُلب ذلك مرات كثيرة. يُرجى المحاولة بعد { $minutes ->
    [one] دقيقة
   *[other] دقائق عددها { $minutes }
}.
desk-error-media-unavailable = لا يمكن إجراء المكالمة في هذه اللحظة. يُرجى المحاولة مرة أخرى.
desk-error-validation-failed = شيء مما كُتب غير صحيح. يُرجى مراجعته.

## The page at the root, and the form for other sites. The form’s messages hold words and variables only.

lander-title = اطلب زيارة بالفيديو
lander-lead = اختر وقتًا. نرسل إليك رمزًا في رسالة نصية، ثم تُحجز زيارتك.
lander-none-title = زيارات بالفيديو
lander-none = هل لديك رابط من عيادتك؟ افتحه من الرسالة النصية أو البريد الإلكتروني.
lander-check = جرّب الكاميرا والميكروفون
lander-portal = المرضى: تسجيل الدخول
lander-desk = الأطباء المعالجون: تسجيل الدخول

widget-who = عنك
widget-givenName = الاسم الأول
widget-familyName = اسم العائلة
widget-phone = الهاتف المحمول
widget-phone-hint = نرسل إليك الآن رمزًا في رسالة نصية، ثم رابط زيارتك.
widget-email = البريد الإلكتروني
widget-state = الولاية
widget-state-hint = أين ستكون أثناء الزيارة
widget-clinicianId = الطبيب المعالج
widget-when = الموعد
widget-when-with = متى تريد أن ترى { $clinician }؟
widget-timezone = منطقتك الزمنية
widget-day = اليوم
widget-at = الوقت
widget-choose = يُرجى الاختيار
widget-optional = (يمكنك تركه فارغًا)
widget-reason = سبب زيارتك
widget-consents = موافقتك
widget-consent-sms = يجوز أن يرسل إليّ { $practice } رسائل نصية بشأن هذه الزيارة. قد تُطبَّق رسوم الرسائل والبيانات. يمكنني الرد بكلمة STOP في أي وقت، وبكلمة HELP للمساعدة.
widget-consent-telehealth = أوافق على أن تكون زيارتي بالفيديو. أعلم أن { $practice } قد يطلب مني الحضور شخصيًا وأنه يمكنني إنهاء الزيارة بالفيديو في أي وقت.
widget-privacy = الخصوصية والشروط
widget-the-practice = العيادة
widget-send = طلب هذه الزيارة
widget-sending = لحظة واحدة…
widget-emergency = في حالات الطوارئ اتصل بالرقم 911. لا تستخدم هذا النموذج.
widget-call = أو اتصل على { $phone }.
widget-questions = لديك أسئلة؟ اتصل على { $phone }.
widget-check = يُرجى مراجعة الحقول المميزة.
widget-wrong-givenName = يُرجى إدخال اسمك الأول.
widget-wrong-familyName = يُرجى إدخال اسم عائلتك.
widget-wrong-phone = يُرجى إدخال رقم هاتف محمول مع رمز المنطقة، مثل 212 555 0143.
widget-wrong-email = يُرجى إدخال بريد مثل ann@example.com أو تركه فارغًا.
widget-wrong-state = يُرجى اختيار الولاية التي ستكون فيها.
widget-wrong-timezone = يُرجى اختيار منطقتك الزمنية.
widget-wrong-clinicianId = يُرجى اختيار طبيب معالج.
widget-wrong-at = يُرجى اختيار وقت.
widget-wrong-reason = يُرجى استخدام كلمات أقل.
widget-wrong-sms = بدون ذلك لا يمكننا إرسال الرمز والرابط إليك.
widget-wrong-telehealth = بدون ذلك لا توجد زيارة بالفيديو.
widget-taken = حُجز هذا الوقت للتو. يُرجى اختيار وقت آخر.
widget-not-licensed = لا يجوز لهذا الطبيب المعالج رؤية المرضى في هذه الولاية. يُرجى اختيار غيره أو الاتصال بنا.
widget-no-text-there = لا يمكننا إرسال رسائل إلى هذا الرقم. يُرجى إدخال رقم محمول آخر.
widget-no-times = لا توجد أوقات متاحة في هذه اللحظة.
widget-offline = لا يمكن الوصول إلينا الآن. يُرجى التحقق من اتصالك والمحاولة مرة أخرى.
widget-too-often = طُلب ذلك مرات كثيرة. يُرجى المحاولة بعد دقائق عددها { $minutes }.
widget-busy = هناك بطء من جهتنا. يُرجى المحاولة مرة أخرى.
widget-not-set-up = لا يمكن لهذا النموذج استقبال الطلبات في هذه اللحظة.
widget-code-title = أدخل الرمز من رسالتك
widget-code-sent = أرسلنا ستة أرقام إلى { $to }. نحتفظ لك بالوقت في هذه الأثناء.
widget-code-not-sent = الرسالة إلى { $to } متأخرة. قد تصل بعد؛ يُرجى الانتظار دقيقة.
widget-code = ستة أرقام
widget-code-hint = يبقى الرمز صالحًا 10 دقائق. لا نطلبه منك هاتفيًا أبدًا.
widget-wrong-code = يُرجى إدخال الأرقام الستة من الرسالة.
widget-code-failed = ليس هذا هو الرمز. المحاولات المتبقية: { $left }
widget-code-expired = لم يعد هذا الرمز صالحًا. يُرجى الرجوع وطلب وقت من جديد.
widget-confirm = تأكيد
widget-back = رجوع
widget-booked = تم حجز زيارتك
widget-with = مع { $clinician }
widget-booked-next = أرسلنا إليك الرابط في رسالة نصية. يُفتح قبل زيارتك بقليل.
widget-stay-home = الزيارة بالفيديو. لا حاجة إلى السفر.
