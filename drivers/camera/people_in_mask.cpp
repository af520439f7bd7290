#include "drivers/camera/people_in_mask.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "drivers/camera/people_above.hpp"

namespace aisle::camera {
namespace {

constexpr int kBlobsMax = 1024;      // more is noise: the largest indices are left out
constexpr double kWidthGuess = 0.1;  // of the picture's width: a person under a door's camera

constexpr double kShoulders = 0.55;  // of a metre, with swinging arms

constexpr double kSpeck = 0.02;  // of a person's width squared: less is grain
constexpr double kUnsure = 0.3;  // the score of what may not begin a track
constexpr milliseconds kStands{1000};
// A box and a track that overlap so much are one person.
constexpr double kSameUpright = 0.5;
constexpr double kSameAbove = 0.25;  // an unboxed blob beside a track as wide as people are
// Who has not been seen for longer may be anywhere.
constexpr milliseconds kExpected{500};

cv::Mat kernel(int shape, int width, int height) {
    return cv::getStructuringElement(shape, cv::Size(width, height));
}

}  // namespace

struct PeopleInMask::Workshop {
    explicit Workshop(const MotionSettings& from) : settings{from} {}

    MotionSettings settings;
    std::unique_ptr<PersonSize> person;
    PeopleAbove above;
    std::vector<tracking::Box> boxes;
    cv::Mat labels, stats, centroids, opened;
    // Opening takes off threads of noise. Closing joins heads to bodies when they are seen from the
    // side, which is why it is upright: people side by side must stay apart.
    cv::Mat opening = kernel(cv::MORPH_RECT, 2, 2);
    cv::Mat upright = kernel(cv::MORPH_RECT, 1, 9);
    cv::Mat round = kernel(cv::MORPH_ELLIPSE, 5, 5);

    [[nodiscard]] double width_guess(const Mask& mask) const {
        if (settings.person_width > 0) return settings.person_width * mask.share;
        if (settings.metre_px > 0) return kShoulders * settings.metre_px * mask.share;
        return kWidthGuess * mask.size.width;
    }

    void clean(cv::Mat& mask) {
        cv::medianBlur(mask, mask, 3);
        cv::morphologyEx(mask, mask, cv::MORPH_OPEN, opening);
        mask.copyTo(opened);
        cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, person->from_side() ? upright : round);
    }

    void find_upright(const Mask& mask, int found, std::span<const tracking::Track> known) {
        const double height_min = mask.size.height * settings.height_min_permille / 1000.0;
        for (int i = 1; i < found; ++i) {
            const int* blob = stats.ptr<int>(i);
            const tracking::Box box{.x = static_cast<double>(blob[cv::CC_STAT_LEFT]),
                                    .y = static_cast<double>(blob[cv::CC_STAT_TOP]),
                                    .w = static_cast<double>(blob[cv::CC_STAT_WIDTH]),
                                    .h = static_cast<double>(blob[cv::CC_STAT_HEIGHT])};
            const int whole = blob[cv::CC_STAT_WIDTH] * blob[cv::CC_STAT_HEIGHT];
            const bool solid = blob[cv::CC_STAT_AREA] * 1000 >= whole * settings.fill_min_permille;
            if (box.h < height_min || !solid) continue;
            add(box, mask.share);
            if (is_one(boxes.back(), known, kSameUpright)) {
                person->learn({.length = std::max(box.w, box.h), .aspect = box.h / box.w});
            }
        }
    }

    void find_from_above(const Mask& mask, int found, std::span<const tracking::Track> known) {
        const PeopleAbove::Measures measures{
            .width = person->width(),
            .picture_width = static_cast<double>(mask.size.width),
            .picture_height = static_cast<double>(mask.size.height)};
        for (const PersonAbove& one :
             above.find(pieces_of(found), measures, expected(known, mask.share))) {
            add(whole(one), mask.share);
            if (!one.sure) boxes.back().score = kUnsure;
            if (one.alone <= 0) continue;
            const tracking::Box& seen = one.box;
            const tracking::Box of_picture{seen.x / mask.share, seen.y / mask.share,
                                           seen.w / mask.share, seen.h / mask.share};
            if (is_one(of_picture, known, kSameAbove)) {
                person->learn({.length = one.alone, .aspect = seen.h / seen.w});
            }
        }
    }

    // Nobody is smaller than people are: of whom only the head was told from the floor stands
    // there whole, and a track must not see him shrink and grow.
    [[nodiscard]] tracking::Box whole(const PersonAbove& one) const {
        const double w = std::max(one.box.w, person->width());
        const double h = std::max(one.box.h, person->width());
        return {.x = one.middle.x - w / 2, .y = one.middle.y - h / 2, .w = w, .h = h};
    }

    static std::vector<ExpectedAbove> expected(std::span<const tracking::Track> known,
                                               double share) {
        std::vector<ExpectedAbove> people;
        for (const tracking::Track& track : known) {
            if (!track.confirmed || track.unseen > kExpected) continue;
            people.push_back({.id = track.id,
                              .middle = {(track.box.x + track.box.w / 2) * share,
                                         (track.box.y + track.box.h / 2) * share}});
        }
        return people;
    }

    [[nodiscard]] std::vector<std::vector<Dot>> pieces_of(int found) const {
        const double speck = kSpeck * person->width() * person->width();
        std::vector<std::vector<Dot>> pieces;
        for (int i = 1; i < found; ++i) {
            const int* stat = stats.ptr<int>(i);
            if (stat[cv::CC_STAT_AREA] < speck) continue;
            std::vector<Dot> dots;
            const int right = stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH];
            const int bottom = stat[cv::CC_STAT_TOP] + stat[cv::CC_STAT_HEIGHT];
            for (int y = stat[cv::CC_STAT_TOP]; y < bottom; ++y) {
                const int* row = labels.ptr<int>(y);
                const std::uint8_t* open = opened.ptr<std::uint8_t>(y);
                for (int x = stat[cv::CC_STAT_LEFT]; x < right; ++x) {
                    if (row[x] != i || open[x] == 0) continue;  // closing would fill waists
                    dots.push_back({static_cast<std::int16_t>(x), static_cast<std::int16_t>(y)});
                }
            }
            if (!dots.empty()) pieces.push_back(std::move(dots));
        }
        return pieces;
    }

    static bool is_one(const tracking::Box& box, std::span<const tracking::Track> known,
                       double likeness_min) {
        int near = 0;
        bool same = false;
        for (const tracking::Track& track : known) {
            const double likeness = tracking::overlap(track.box, box);
            if (likeness > 0) ++near;
            // One who stands would be learnt again and again.
            same |= track.confirmed && likeness > likeness_min && track.standing < kStands;
        }
        return same && near == 1;
    }

    void add(const tracking::Box& box, double share) {
        boxes.push_back({box.x / share, box.y / share, box.w / share, box.h / share});
    }
};

PeopleInMask::PeopleInMask(const MotionSettings& settings)
    : workshop_{std::make_unique<Workshop>(settings)} {}
PeopleInMask::~PeopleInMask() = default;

void PeopleInMask::clear() { workshop_->boxes.clear(); }
const std::vector<tracking::Box>& PeopleInMask::boxes() const { return workshop_->boxes; }
bool PeopleInMask::from_above() const {
    if (!workshop_->person) return workshop_->settings.view == tracking::View::Above;
    return !workshop_->person->from_side();
}

double PeopleInMask::width() const { return workshop_->person ? workshop_->person->width() : 0; }

const std::vector<tracking::Box>& PeopleInMask::find(const Mask& mask,
                                                     std::span<const tracking::Track> known) {
    Workshop& shop = *workshop_;
    shop.boxes.clear();
    if (!shop.person) {
        shop.person = std::make_unique<PersonSize>(shop.settings.view, shop.width_guess(mask));
    }
    cv::Mat image(mask.size.height, mask.size.width, CV_8UC1, mask.bytes);
    shop.clean(image);
    const int found = std::min(kBlobsMax, cv::connectedComponentsWithStats(
                                              image, shop.labels, shop.stats, shop.centroids, 8));
    if (shop.person->from_side())
        shop.find_upright(mask, found, known);
    else
        shop.find_from_above(mask, found, known);
    return shop.boxes;
}

}  // namespace aisle::camera
