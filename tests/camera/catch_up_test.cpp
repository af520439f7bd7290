#include "drivers/camera/catch_up.hpp"

#include <gtest/gtest.h>

namespace aisle::camera {
namespace {

constexpr milliseconds kPeriod{100};

// Fetches pictures from a camera that makes one each `makes`, and takes `takes` over each.
struct Fetcher {
    CatchUp catch_up;
    milliseconds makes{100};
    milliseconds decode{5};
    milliseconds takes{10};
    milliseconds now{0};
    std::int64_t next = 1;
    int looked = 0;
    int let_go = 0;
    milliseconds oldest{0};  // of those that were looked at in the second half of a run
    milliseconds old{0};     // the last one that was looked at

    CatchUp::Fetch fetch() {
        const milliseconds asked = now;
        now = std::max(now, next * makes) + decode;
        old = now - next * makes;
        ++next;
        return {.asked = MonoTime{asked}, .came = MonoTime{now}, .period = kPeriod};
    }
    void run(int pictures) {
        for (int i = 0; i < pictures; ++i) {
            catch_up.looked_at(fetch());
            oldest = i < pictures / 2 ? milliseconds{0} : std::max(oldest, old);
            ++looked;
            now += takes;
            while (catch_up.behind(MonoTime{now}, kPeriod)) {
                catch_up.let_go(fetch());
                ++let_go;
            }
        }
    }
};

TEST(CatchUp, IsNotBehindBeforeThereWasAPicture) {
    EXPECT_FALSE(CatchUp{}.behind(MonoTime{seconds{100}}, kPeriod));
}

TEST(CatchUp, LetsNothingGoWhileThereIsTime) {
    Fetcher fetcher;
    fetcher.run(500);
    EXPECT_EQ(fetcher.let_go, 0);
}

TEST(CatchUp, KeepsOneThatWaitsWhenItIsTheNewest) {
    Fetcher fetcher{.takes = milliseconds{150}};
    fetcher.run(500);
    EXPECT_LE(fetcher.oldest, milliseconds{210});
    EXPECT_NEAR(fetcher.let_go, 500 * 55 / 100, 20);  // of 155 ms each, every second one costs one
}

TEST(CatchUp, LetsAllButTheNewestGo) {
    Fetcher fetcher{.takes = milliseconds{1'000}};
    fetcher.run(100);
    EXPECT_LE(fetcher.oldest, milliseconds{210});
    EXPECT_NEAR(fetcher.let_go, 100 * 9, 100);
}

TEST(CatchUp, KnowsDecodingFromWaiting) {
    Fetcher fetcher{.decode = milliseconds{60}, .takes = milliseconds{400}};
    fetcher.run(200);
    EXPECT_LE(fetcher.oldest, milliseconds{300});
}

TEST(CatchUp, FindsOutACameraThatIsSlowerThanItSays) {
    Fetcher fetcher{.makes = milliseconds{250}, .takes = milliseconds{150}};
    fetcher.run(500);
    EXPECT_LE(fetcher.let_go, 10);
}

TEST(CatchUp, BelievesACameraThatIsFasterAgain) {
    Fetcher fetcher{.makes = milliseconds{250}, .takes = milliseconds{150}};
    fetcher.run(100);
    fetcher.next = fetcher.now / milliseconds{100} + 1;
    fetcher.makes = milliseconds{100};
    fetcher.run(300);
    EXPECT_LE(fetcher.oldest, milliseconds{310});
}

}  // namespace
}  // namespace aisle::camera
