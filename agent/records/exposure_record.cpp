#include "agent/records/exposure_record.hpp"

#include "agent/records/json_text.hpp"

namespace aisle::records {

Record experiment_record(const GroupExposure& exposure) {
    boost::json::object body;
    put(body, "campaign", exposure.campaign.value);
    put(body, "experiment", exposure.experiment);
    put(body, "subject", exposure.subject);
    put(body, "arm", exposure.arm);
    put(body, "offer", exposure.offer.value);
    return {.stream = Stream::Offers,
            .kind = "experiment",
            .at = exposure.at,
            .body = boost::json::serialize(body)};
}

}  // namespace aisle::records
