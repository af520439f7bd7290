#pragma once

#include "agent/staff/live.hpp"

// The offers over HTTP: the list, what staff do with one, and the pictures of its code. A step is
// answered after its commit; the second of two is told who was first (409), who comes too late that
// it is over (410). Loop thread only.
namespace aisle::staff {

class OfferDesk {
public:
    OfferDesk(const StaffSettings& settings, const Staff::Around& around, const Live& live,
              const Feed& feed);
    void hang_into(runtime::HttpRoutes& routes);

private:
    [[nodiscard]] runtime::HttpResponse list() const;
    [[nodiscard]] runtime::HttpResponse code(const runtime::HttpRequest& request) const;
    void act(OfferAction action, const runtime::HttpRequest& request, runtime::HttpReply reply);
    [[nodiscard]] Result<OfferAct> act_in(OfferAction action,
                                          const runtime::HttpRequest& request) const;

    const StaffSettings& settings_;
    const Clock& clock_;
    Shop& shop_;
    const Live& live_;
    const Feed& feed_;
};

}  // namespace aisle::staff
