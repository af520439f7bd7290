#pragma once

#include <memory>

#include "agent/runtime/http.hpp"
#include "agent/staff/check_ins.hpp"
#include "agent/staff/staff.hpp"

// A customer shows a card: profile, offers and the purposes that were never asked about. An answer,
// yes or no, is an answer: nobody is asked twice.
namespace aisle::staff {

class CheckInDesk {
public:
    CheckInDesk(const StaffSettings& settings, const Staff::Around& around);
    void hang_into(runtime::HttpRoutes& routes);

private:
    void check_in(const runtime::HttpRequest& request, runtime::HttpReply reply);
    void consent(const runtime::HttpRequest& request, runtime::HttpReply reply);
    [[nodiscard]] Result<ConsentChange> change_in(const runtime::HttpRequest& request) const;

    const StaffSettings& settings_;
    const Clock& clock_;
    Shop& shop_;
    std::shared_ptr<CheckIns> check_ins_;  // shared with replies that come late
};

}  // namespace aisle::staff
