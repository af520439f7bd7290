#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/app/desk.hpp"
#include "agent/app/downlink_eraser.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app {

// What is known of one customer, for the people who run the agent: over the Unix socket alone,
// whatever else listens.
//
//   POST /api/v1/customers:show     {member | pseudonym}
//   POST /api/v1/customers:consent  {member | pseudonym, purpose, granted, version, by}
//   POST /api/v1/customers:erase    {member | pseudonym, by}
//   POST /api/v1/customers:link     {name, other, by}: one person by staff's word
//   POST /api/v1/customers:unlink   {name, other, by}
//
// A raw member id becomes a pseudonym at once and is never logged or answered. Loop thread only.
class CustomerDesk {
public:
    struct Parts {
        Pipeline& pipeline;
        Engines& engines;
        Floor& floor;
        Desk& desk;
        Eraser& eraser;
        const Clock& clock;
    };
    explicit CustomerDesk(Parts parts) : parts_{parts} {}
    void hang_into(runtime::HttpRoutes& routes);
    // At the start: what a crash has cut off between the engines' forgetting and the journal's goes
    // on, whoever asked for it. Nobody waits for the answer; a failure is logged and tried again
    // with the next start, or when it is asked for again.
    void resume();

private:
    void show(const runtime::HttpRequest& request, const runtime::HttpReply& reply);
    void consent(const runtime::HttpRequest& request, const runtime::HttpReply& reply);
    void erase(const runtime::HttpRequest& request, const runtime::HttpReply& reply);
    void tie(const runtime::HttpRequest& request, const runtime::HttpReply& reply, bool link);
    [[nodiscard]] Result<MemberKey> member_in(const runtime::HttpRequest& request) const;
    // The journal's part, after the engines have forgotten; then the ledger's word.
    void erase_rows(const MemberKey& member, const std::vector<MemberKey>& names,
                    const runtime::HttpReply& reply);
    void told(Turn& turn, const std::vector<MemberKey>& names, const Erased& rows,
              const runtime::HttpReply& reply);

    Parts parts_;
};

// One JSON object: pseudonyms and what follows from purchases, no raw id.
std::string customer_json(const CustomerCard& card, const std::vector<std::string>& names);
// 32 hex digits, or nothing.
MemberKey pseudonym_from(std::string_view text);

}  // namespace aisle::app
