// The functions that every proxy script may call, and what it may not see: nothing else is defined here.
// "host_" is handed in: it asks for names and addresses.
"use strict";

function alert() {
}

function isPlainHostName(host) {
    return host.indexOf(".") < 0;
}

function dnsDomainIs(host, domain) {
    return host.length >= domain.length && host.slice(host.length - domain.length) === domain;
}

function localHostOrDomainIs(host, full) {
    return host === full || (isPlainHostName(host) && full.indexOf(host + ".") === 0);
}

function dnsResolve(host) {
    return host_.resolve(String(host)) || null;
}

function isResolvable(host) {
    return dnsResolve(host) !== null;
}

function myIpAddress() {
    return host_.own();
}

function dnsDomainLevels(host) {
    return host.split(".").length - 1;
}

function convert_addr(address) {
    var parts = String(address).split(".");
    if (parts.length !== 4) {
        return null;
    }
    return parts.reduce(function (sum, part) { return sum * 256 + (Number(part) & 255); }, 0);
}

function isInNet(host, pattern, mask) {
    var address = /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : dnsResolve(host);
    if (address === null) {
        return false;
    }
    return (convert_addr(address) & convert_addr(mask)) === (convert_addr(pattern) & convert_addr(mask));
}

function shExpMatch(text, pattern) {
    var escaped = pattern.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
    return new RegExp("^" + escaped + "$").test(text);
}

var DAYS_ = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
var MONTHS_ = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

function clock_(given) {
    var universal = given.length > 0 && given[given.length - 1] === "GMT";
    var now = new Date();
    return {
        given: universal ? given.slice(0, -1) : given,
        year: universal ? now.getUTCFullYear() : now.getFullYear(),
        month: universal ? now.getUTCMonth() : now.getMonth(),
        day: universal ? now.getUTCDate() : now.getDate(),
        weekday: universal ? now.getUTCDay() : now.getDay(),
        second: universal
            ? now.getUTCHours() * 3600 + now.getUTCMinutes() * 60 + now.getUTCSeconds()
            : now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds()
    };
}

function between_(value, first, last) {
    return first <= last ? first <= value && value <= last : value >= first || value <= last;
}

function weekdayRange() {
    var now = clock_(Array.prototype.slice.call(arguments));
    var first = DAYS_.indexOf(now.given[0]);
    var last = now.given.length > 1 ? DAYS_.indexOf(now.given[1]) : first;
    return first >= 0 && last >= 0 && between_(now.weekday, first, last);
}

function timeRange() {
    var now = clock_(Array.prototype.slice.call(arguments));
    var given = now.given.map(Number);
    var half = given.length / 2;
    if (given.length === 1) {
        return Math.floor(now.second / 3600) === given[0];
    }
    function seconds(parts) {
        return parts[0] * 3600 + (parts[1] || 0) * 60 + (parts[2] || 0);
    }
    // With hours alone the last one counts up to its end; else up to the minute or second that is named.
    var spare = half === 1 ? 3599 : half === 2 ? 59 : 0;
    return between_(now.second, seconds(given.slice(0, half)), seconds(given.slice(half)) + spare);
}

// Days, months and years in any of the six ways in which a script may name them, one date or two.
function dateRange() {
    var now = clock_(Array.prototype.slice.call(arguments));
    var given = now.given;
    function kind(part) {
        return MONTHS_.indexOf(part) >= 0 ? "month" : Number(part) > 31 ? "year" : "day";
    }
    function place(parts) {
        var found = {};
        parts.forEach(function (part) {
            found[kind(part)] = kind(part) === "month" ? MONTHS_.indexOf(part) : Number(part);
        });
        return found;
    }
    function value(date, named) {
        return ("year" in named ? date.year * 372 : 0) + ("month" in named ? date.month * 31 : 0)
            + ("day" in named ? date.day : 0);
    }
    // Two of a kind are a range, a day and a month are one date.
    var alone = given.length % 2 === 1 || (given.length === 2 && kind(given[0]) !== kind(given[1]));
    var first = place(alone ? given : given.slice(0, given.length / 2));
    var last = alone ? first : place(given.slice(given.length / 2));
    var today = value(now, first);
    if ("year" in first) {
        return value(first, first) <= today && today <= value(last, first);
    }
    return between_(today, value(first, first), value(last, first));
}
