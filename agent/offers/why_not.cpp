#include "agent/offers/why_not.hpp"

namespace aisle::offers {
namespace {

enum class Words {
    Later,
    Hours,
    Membership,
    Group,
    Consent,
    Goods,
    Amount,
    Conditions,
    Ended,
    Had,
    Gone,
    Other,
    Combine,
    Yours
};

// Several reasons share their words: what a customer can do about it is the same, and the
// difference would be about other people.
Words words_for(Reason reason) {
    switch (reason) {
        case Reason::OutsideWindow:
            return Words::Hours;
        case Reason::NoMember:
            return Words::Membership;
        case Reason::NotInAudience:
            return Words::Group;
        case Reason::NoConsent:
            return Words::Consent;
        case Reason::ScopeEmpty:
        case Reason::NothingLeft:
            return Words::Goods;
        case Reason::BelowFirstTier:
            return Words::Amount;
        case Reason::ConditionFalse:
        case Reason::ConditionUnknown:
            return Words::Conditions;
        case Reason::StoppedHere:
        case Reason::Guardrail:
            return Words::Ended;
        case Reason::Rearm:
        case Reason::DuplicateLive:
        case Reason::CustomerCap:
        case Reason::Cooldown:
        case Reason::ToldElsewhere:
            return Words::Had;
        case Reason::Redemptions:
        case Reason::NoLease:
        case Reason::Budget:
            return Words::Gone;
        case Reason::LowerPriority:
            return Words::Other;
        case Reason::Exclusive:
        case Reason::OrderLimit:
            return Words::Combine;
        case Reason::HoldoutEntitled:
        case Reason::Chosen:
            return Words::Yours;
        default:
            return Words::Later;  // also what we withhold for a comparison: who asks gets it
    }
}

constexpr std::array<std::string_view, 2> kLanguages{"en", "zh-CN"};

std::string_view english(Words words) {
    switch (words) {
        case Words::Later:
            return "We are not showing this offer just now. Please ask us, and we will gladly look "
                   "it up for you.";
        case Words::Hours:
            return "This offer is not running at the moment. We are happy to tell you when it "
                   "does.";
        case Words::Membership:
            return "This offer is for members. Joining is free, and we are happy to help you with "
                   "it.";
        case Words::Group:
            return "This offer is meant for another group of customers. We will gladly see what "
                   "there is for you today.";
        case Words::Consent:
            return "You have not agreed to personal offers, and we respect that. You can change it "
                   "here whenever you like.";
        case Words::Goods:
            return "None of the articles in your basket takes part in this offer. We are happy to "
                   "show you which do.";
        case Words::Amount:
            return "Your basket has not reached the amount for this offer yet.";
        case Words::Conditions:
            return "The conditions of this offer are not met at the moment.";
        case Words::Ended:
            return "This offer is paused at the moment. We are sorry.";
        case Words::Had:
            return "You have had this offer recently. It can be used again after a while.";
        case Words::Gone:
            return "This offer was limited and is used up. We are sorry.";
        case Words::Other:
            return "There is another offer for you right now; one at a time.";
        case Words::Combine:
            return "This offer cannot be combined with the one that you already have.";
        case Words::Yours:
            return "This offer is yours.";
    }
    return {};
}

std::string_view chinese(Words words) {
    switch (words) {
        case Words::Later:
            return "这项优惠此刻没有展示。欢迎向我们询问，我们很乐意为您查询。";
        case Words::Hours:
            return "这项优惠目前不在活动时间内，我们很乐意告诉您活动时间。";
        case Words::Membership:
            return "这项优惠面向会员。入会免费，我们很乐意帮您办理。";
        case Words::Group:
            return "这项优惠面向其他顾客群体，我们很乐意看看今天有什么适合您。";
        case Words::Consent:
            return "您尚未同意接收个性化优惠，我们尊重您的选择；您可以随时在这里更改。";
        case Words::Goods:
            return "您购物篮中的商品未参加这项优惠，我们很乐意告诉您哪些商品参加。";
        case Words::Amount:
            return "您的购物金额尚未达到这项优惠的要求。";
        case Words::Conditions:
            return "目前不满足这项优惠的条件。";
        case Words::Ended:
            return "这项优惠目前暂停，非常抱歉。";
        case Words::Had:
            return "您最近已享受过这项优惠，过一段时间可以再次使用。";
        case Words::Gone:
            return "这项优惠数量有限，现已用完，非常抱歉。";
        case Words::Other:
            return "目前已有另一项优惠提供给您，每次一项。";
        case Words::Combine:
            return "这项优惠不能与您已有的优惠同时使用。";
        case Words::Yours:
            return "您可以享受这项优惠。";
    }
    return {};
}

}  // namespace

std::span<const std::string_view> why_not_languages() { return kLanguages; }

std::string_view why_not(Reason reason, std::string_view language) {
    return language.starts_with("zh") ? chinese(words_for(reason)) : english(words_for(reason));
}

}  // namespace aisle::offers
