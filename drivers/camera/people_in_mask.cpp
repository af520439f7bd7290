#include "drivers/camera/people_in_mask.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "drivers/camera/blobs.hpp"

namespace aisle::camera {
namespace {

constexpr int kBlobsMax = 1024;      // more is noise: the largest indices are left out
constexpr double kWidthGuess = 0.1;  // of the picture's width: a person under a door's camera

constexpr double kShoulders = 0.55;  // of a metre, with swinging arms

// Of a person's width squared.
constexpr double kSpeck = 0.02;      // less is grain
constexpr double kPartMin = 0.09;    // less is a foot or a hand, unless it belongs to somebody
constexpr double kGathered = 0.1;    // more is a child, who is nobody's part
constexpr double kPartOfSome = 1.4;  // widths that a person and what belongs to him span at most

// A blob that is this much longer than broad may be two, and says nothing of how large one is.
constexpr double kOneLong = 2.3;
constexpr double kUnsure = 0.3;  // the score of what may not begin a track
constexpr milliseconds kStands{1000};
constexpr double kSameBox = 0.5;  // a blob and a track that overlap so much are one person

struct Blob {
    std::vector<Dot> dots;
    BlobShape shape;
};

cv::Mat kernel(int shape, int width, int height) {
    return cv::getStructuringElement(shape, cv::Size(width, height));
}

}  // namespace

struct PeopleInMask::Workshop {
    explicit Workshop(const MotionSettings& from) : settings{from} {}

    MotionSettings settings;
    std::unique_ptr<PersonSize> person;
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
            if (is_one(boxes.back(), known)) {
                person->learn({.length = std::max(box.w, box.h), .aspect = box.h / box.w});
            }
        }
    }

    void find_from_above(const Mask& mask, int found, std::span<const tracking::Track> known) {
        auto blobs = blobs_of(found);
        gather(blobs);
        const double width = person->width();
        for (const Blob& blob : blobs) {
            if (static_cast<double>(blob.dots.size()) < kPartMin * width * width) continue;
            auto [parts, sure] = split_by_width(blob.dots, width);
            std::ranges::stable_sort(parts, std::greater{}, &std::vector<Dot>::size);
            for (const auto& part : parts) {
                add(shape_of(part).box, mask.share);
                if (!sure && &part != &parts.front()) boxes.back().score = kUnsure;
            }
            if (parts.size() == 1) learn(blob, mask, known);
        }
    }

    [[nodiscard]] std::vector<Blob> blobs_of(int found) const {
        const double speck = kSpeck * person->width() * person->width();
        std::vector<Blob> blobs;
        for (int i = 1; i < found; ++i) {
            const int* stat = stats.ptr<int>(i);
            if (stat[cv::CC_STAT_AREA] < speck) continue;
            Blob blob;
            const int right = stat[cv::CC_STAT_LEFT] + stat[cv::CC_STAT_WIDTH];
            const int bottom = stat[cv::CC_STAT_TOP] + stat[cv::CC_STAT_HEIGHT];
            for (int y = stat[cv::CC_STAT_TOP]; y < bottom; ++y) {
                const int* row = labels.ptr<int>(y);
                const std::uint8_t* open = opened.ptr<std::uint8_t>(y);
                for (int x = stat[cv::CC_STAT_LEFT]; x < right; ++x) {
                    if (row[x] != i || open[x] == 0) continue;  // closing would fill waists
                    blob.dots.push_back(
                        {static_cast<std::int16_t>(x), static_cast<std::int16_t>(y)});
                }
            }
            if (blob.dots.empty()) continue;
            blob.shape = shape_of(blob.dots);
            blobs.push_back(std::move(blob));
        }
        std::ranges::stable_sort(blobs, std::greater{},
                                 [](const Blob& blob) { return blob.dots.size(); });
        return blobs;
    }

    // Feet, hands and hats go to the nearest larger blob with which they still are one person.
    void gather(std::vector<Blob>& blobs) const {
        const double most = kPartOfSome * person->width();
        const double small = kGathered * person->width() * person->width();
        for (std::size_t i = blobs.size(); i-- > 1;) {
            if (static_cast<double>(blobs[i].dots.size()) > small) continue;
            std::size_t best = i;
            double least = most;
            for (std::size_t j = 0; j < i; ++j) {
                const double apart =
                    tracking::distance(blobs[i].shape.middle, blobs[j].shape.middle);
                if (apart > least) continue;
                std::vector<Dot> both = blobs[j].dots;
                both.insert(both.end(), blobs[i].dots.begin(), blobs[i].dots.end());
                if (shape_of(both).length > most) continue;
                least = apart, best = j;
            }
            if (best == i) continue;
            Blob& whole = blobs[best];
            whole.dots.insert(whole.dots.end(), blobs[i].dots.begin(), blobs[i].dots.end());
            whole.shape = shape_of(whole.dots);
            blobs.erase(blobs.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void learn(const Blob& blob, const Mask& mask, std::span<const tracking::Track> known) {
        const tracking::Box& box = blob.shape.box;
        const bool cut = box.x <= 1 || box.y <= 1 || box.x + box.w >= mask.size.width - 1 ||
                         box.y + box.h >= mask.size.height - 1;
        if (cut) return;
        const tracking::Box whole{box.x / mask.share, box.y / mask.share, box.w / mask.share,
                                  box.h / mask.share};
        if (!is_one(whole, known)) return;
        const bool one = blob.shape.length < kOneLong * blob.shape.breadth;
        person->learn(
            {.length = one ? blob.shape.length : person->width(), .aspect = box.h / box.w});
    }

    static bool is_one(const tracking::Box& box, std::span<const tracking::Track> known) {
        int near = 0;
        bool same = false;
        for (const tracking::Track& track : known) {
            const double likeness = tracking::overlap(track.box, box);
            if (likeness > 0) ++near;
            // One who stands would be learnt again and again.
            same |= track.confirmed && likeness > kSameBox && track.standing < kStands;
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
