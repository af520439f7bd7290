#pragma once

#include "agent/staff/staff.hpp"

// Campaigns over HTTP: how they stand, today's funnel, and stopping one in this shop.
namespace aisle::staff {

// A page shows so many; with more of them HQ's own tools are the place to look.
inline constexpr std::size_t kCampaignsShownMax = 500;

class CampaignDesk {
public:
    explicit CampaignDesk(const Staff::Around& around) : shop_{around.shop} {}
    void hang_into(runtime::HttpRoutes& routes);

private:
    [[nodiscard]] runtime::HttpResponse list() const;
    [[nodiscard]] runtime::HttpResponse funnel() const;
    void stop(const runtime::HttpRequest& request, runtime::HttpReply reply, bool stop);

    Shop& shop_;
};

}  // namespace aisle::staff
