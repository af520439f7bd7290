#pragma once

#include "agent/app/cameras.hpp"
#include "agent/app/floor.hpp"
#include "agent/app/scene_json.hpp"
#include "agent/app/scene_store.hpp"
#include "agent/app/storage.hpp"
#include "agent/runtime/http.hpp"

namespace aisle::app {

// The scene editor over HTTP: what may be seen of a camera, and its scene file.
//
//   GET  /api/v1/cameras                          size, boxes, how the last scene was taken
//   GET  /api/v1/cameras/{camera}/background.bmp  the floor without people, small and grey
//   GET  /api/v1/cameras/{camera}/scene           {scene, digest, warnings}
//   POST /api/v1/cameras/{camera}/scene:check     {scene}: {warnings}
//   PUT  /api/v1/cameras/{camera}/scene           {scene, digest, by}: {digest, state, warnings}
//
// A picture of a moment never leaves the camera's thread: see preview.hpp. A scene is written only
// if its text is one that the camera's own reader takes, and only in the place of the file that
// whoever draws has read. It is audited; what commissioning found of lines that have moved is
// marked as found before. The camera takes it while it runs: `state` says taken, refused, or
// pending where the camera has not looked within kAnswerMax (it is closed, or its file has ended:
// it reads the scene when it looks again, or after a restart). Loop thread only.
class SceneDesk {
public:
    struct Parts {
        runtime::Executor& loop;
        const Cameras& cameras;
        Run elsewhere;  // a thread for slow files
        // Audits what was written and marks what has moved; `then` after the commit.
        struct Written {
            std::string by;
            std::string camera;
            std::string digest;
            std::vector<DoorId> moved;
        };
        std::function<void(Written, std::function<void()> then)> written;
    };
    explicit SceneDesk(Parts parts) : parts_{std::move(parts)} {}
    void hang_into(runtime::HttpRoutes& routes);

private:
    struct Save;
    [[nodiscard]] boost::json::object cameras_json() const;
    [[nodiscard]] runtime::HttpResponse background(const runtime::HttpRequest& request) const;
    [[nodiscard]] runtime::HttpResponse check(const runtime::HttpRequest& request) const;
    void read(const runtime::HttpRequest& request, runtime::HttpReply reply);
    void save(const runtime::HttpRequest& request, runtime::HttpReply reply);
    void saved(const std::shared_ptr<Save>& save);
    void await_cameras();
    bool answer(const Save& save) const;
    void on_camera(const runtime::HttpRequest& request, const runtime::HttpReply& reply,
                   const std::function<void(const SeenCamera&)>& then) const;
    [[nodiscard]] Result<tracking::Scene> scene_in(const boost::json::object& body,
                                                   const SeenCamera& camera) const;
    [[nodiscard]] boost::json::array warnings_for(const tracking::Scene& scene,
                                                  const SeenCamera& camera) const;

    Parts parts_;
    std::vector<std::shared_ptr<Save>> waiting_;  // for their cameras
    runtime::TimerHandle looking_;
};

inline constexpr milliseconds kAnswerMax{3'000};
inline constexpr milliseconds kAnswerLook{100};

// The Parts::written of a shop.
std::function<void(SceneDesk::Parts::Written, std::function<void()>)> into_the_audit(
    Pipeline& pipeline, Floor& floor);

}  // namespace aisle::app
