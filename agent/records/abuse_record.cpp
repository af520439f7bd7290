#include "agent/records/abuse_record.hpp"

#include "agent/records/json_text.hpp"
#include "agent/records/ledger_record.hpp"
#include "agent/records/stamp_json.hpp"

namespace aisle::records {

Record abuse_record(const AbuseFlagged& flag) {
    boost::json::object body;
    put(body, "abuse", flag.abuse);
    put(body, "campaign", flag.campaign.value);
    put(body, "till", flag.till.value);
    put(body, "staff", flag.staff);
    put(body, "member", flag.member.value);
    put(body, "count", boost::json::value(flag.count));
    if (flag.p > 0) {
        put(body, "expected", boost::json::value(flag.expected));
        put(body, "p", boost::json::value(flag.p));
    }
    put(body, "detail", flag.detail);
    put(body, "at", stamp_value(flag.at));
    return ledger_record("abuse_flag", body, flag.at);
}

}  // namespace aisle::records
