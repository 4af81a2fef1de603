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
