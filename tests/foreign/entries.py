"""Reads calendar entries with the PyPI library icalendar: `python entries.py < ENTRIES`.

ENTRIES is a JSON array of iCalendar objects; the answer is a JSON array of what the library understood of each, in the
same order: {method, uid, sequence, status, start, end, offset, zone, wall, summary, location, description, organizer,
attendees, class, names}. Times are in UTC, worked out by the rules that the object itself brings. Exit status 3: the
library is not there.
"""

import json
import sys


try:
    from datetime import timezone

    import icalendar
    from icalendar.timezone.zoneinfo import ZONEINFO  # the rules of a VTIMEZONE, as zoneinfo
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


def moment(calendar, prop):
    """UTC, by the VTIMEZONE of the object rather than by the machine's database."""
    value = prop.dt
    if value.utcoffset() is not None and prop.params.get("TZID") is None:
        return value.astimezone(timezone.utc), value
    (zone,) = [zone for zone in calendar.walk("VTIMEZONE") if zone["TZID"] == prop.params["TZID"]]
    rules = zone.to_tz(ZONEINFO(), lookup_tzid=False)
    local = value.replace(tzinfo=rules)
    return local.astimezone(timezone.utc), local


def read(text):
    calendar = icalendar.Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    (start, local), (end, _) = moment(calendar, event["DTSTART"]), moment(calendar, event["DTEND"])
    attendees = event["ATTENDEE"]
    attendees = attendees if isinstance(attendees, list) else [attendees]
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "zone": event["DTSTART"].params.get("TZID"),
        "wall": local.strftime("%Y-%m-%dT%H:%M:%S"),
        "offset": local.strftime("%z"),
        "summary": str(event["SUMMARY"]),
        "location": str(event["LOCATION"]),
        "description": str(event["DESCRIPTION"]),
        "organizer": str(event["ORGANIZER"]),
        "organizerName": str(event["ORGANIZER"].params.get("CN")),
        "attendees": [str(attendee) for attendee in attendees],
        "rsvp": [str(attendee.params.get("RSVP")) for attendee in attendees],
        "class": str(event["CLASS"]),
        "errors": [str(error) for part in calendar.walk() for error in part.errors],
        "url": "URL" in event,
    }


print(json.dumps([read(text) for text in json.load(sys.stdin)]))
