#include "sync/wire/ack.hpp"

#include "sync/wire/fields.hpp"
#include "sync/wire/line.hpp"

namespace aisle::wire {

std::string to_json(const Ack& ack) {
    std::string out = "{\"epoch\":" + quoted(ack.epoch) +
                      ",\"stream\":" + quoted(aisle::to_text(ack.stream)) +
                      ",\"next\":" + std::to_string(ack.next) + ",\"check\":" + quoted(ack.check) +
                      ",\"credit_bytes_s\":" + std::to_string(ack.credit_bytes_s) + ",\"now\":\"" +
                      to_rfc3339(ack.now) + "\"";
    if (ack.kind == AckKind::Nack) out += ",\"nack\":true";
    if (ack.kind == AckKind::Fork) out += ",\"fork\":true";
    return out + "}";
}

Result<Ack> parse_ack(std::string_view json) {
    Fields fields{json};
    Ack ack;
    ack.epoch = fields.text("epoch");
    ack.stream = fields.stream("stream");
    ack.next = fields.integer("next");
    ack.check = fields.text("check");
    ack.credit_bytes_s = fields.integer_or("credit_bytes_s", 0);
    ack.now = fields.time("now");
    if (fields.flag_or("nack", false)) ack.kind = AckKind::Nack;
    if (fields.flag_or("fork", false)) ack.kind = AckKind::Fork;

    if (!is_hex16(ack.epoch)) fields.reject("bad epoch");
    if (ack.next < 1) fields.reject("next below 1");
    if (ack.next > 1 ? !is_hex16(ack.check) : !ack.check.empty()) fields.reject("bad check");
    if (ack.credit_bytes_s < 0) fields.reject("negative credit");
    if (fields.bad()) return fields.error();
    return ack;
}

}  // namespace aisle::wire
