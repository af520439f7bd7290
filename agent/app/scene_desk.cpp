#include "agent/app/scene_desk.hpp"

#include <algorithm>
#include <utility>

#include "agent/app/grey_bmp.hpp"
#include "agent/staff/answers.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;
using runtime::HttpReply;
using runtime::HttpRequest;
using runtime::HttpResponse;

constexpr staff::BodyLimits kSceneBody{.bytes_max = 2 * kSceneTextMax, .depth_max = 8};

json::object preview_json(const SeenCamera& camera) {
    const camera::PreviewView view = camera.preview->view();
    const camera::SceneAnswer answer = camera.preview->scene();
    json::array boxes;
    for (const camera::PreviewBox& box : view.boxes) {
        json::object each;
        each["x"] = box.x;
        each["y"] = box.y;
        each["w"] = box.w;
        each["h"] = box.h;
        each["sure"] = box.sure;
        boxes.emplace_back(std::move(each));
    }
    json::object out;
    out["camera"] = camera.name;
    out["width"] = view.width;
    out["height"] = view.height;
    out["at"] = nullptr;
    if (view.width > 0) out["at"] = to_rfc3339(view.at);
    out["boxes"] = std::move(boxes);
    out["background"] = !camera.preview->background().grey.empty();
    out["scene_pending"] = answer.answered < answer.asked;
    out["scene_fault"] = answer.fault;
    return out;
}

// Everything of a name that counts: what a door's accuracy was measured by.
bool same_place(const tracking::Scene& a, const tracking::Scene& b, const std::string& name) {
    const auto line_in = [&](const tracking::Scene& scene) {
        const auto found = std::ranges::find(scene.lines, name, &tracking::Line::name);
        return found == scene.lines.end() ? tracking::Line{} : *found;
    };
    const auto gate_in = [&](const tracking::Scene& scene) {
        const auto found = std::ranges::find(scene.gates, name, &tracking::Gate::name);
        return found == scene.gates.end() ? tracking::Gate{} : *found;
    };
    return line_in(a) == line_in(b) && gate_in(a) == gate_in(b);
}

// A gate has moved when one of its lines has.
bool has_moved(const tracking::Scene& before, const tracking::Scene& after,
               const std::string& name) {
    if (!same_place(before, after, name)) return true;
    const auto gate = std::ranges::find(after.gates, name, &tracking::Gate::name);
    return gate != after.gates.end() &&
           (!same_place(before, after, gate->outer) || !same_place(before, after, gate->inner));
}

std::vector<DoorId> moved_doors(const SeenCamera& camera, const tracking::Scene& before,
                                const tracking::Scene& after) {
    std::vector<DoorId> moved;
    for (const tracking::Scene* scene : {&before, &after}) {
        for (std::size_t i = 0; i < tracking::counting_size(*scene); ++i) {
            const std::string& name = tracking::counting_name(*scene, i);
            const DoorId door = camera.door_of(name);
            const bool known = std::ranges::find(moved, door) != moved.end();
            if (!known && has_moved(before, after, name)) moved.push_back(door);
        }
    }
    return moved;
}

HttpResponse refusal_of(const Error& error) {
    if (error.fault == Fault::Full) return staff::refuse({409, "Conflict", error.detail});
    return runtime::problem(error);
}

}  // namespace

// What is under way between the request and its answer.
struct SceneDesk::Save {
    const SeenCamera* camera = nullptr;
    tracking::Scene scene;
    SceneWrite write;
    std::string by;
    HttpReply reply;
    Result<SceneText> before{unavailable("not read yet")};
    Result<SceneText> after{unavailable("not written yet")};
    Status wrote;
    MonoTime until{};  // so long the camera's answer is waited for
};

void SceneDesk::hang_into(runtime::HttpRoutes& routes) {
    routes.on("GET", "/api/v1/cameras", [this](const HttpRequest&, const HttpReply& reply) {
        reply(staff::json_answer(cameras_json()));
    });
    routes.on(
        "GET", "/api/v1/cameras/{camera}/background.bmp",
        [this](const HttpRequest& request, const HttpReply& reply) { reply(background(request)); });
    routes.on(
        "GET", "/api/v1/cameras/{camera}/scene",
        [this](const HttpRequest& request, HttpReply reply) { read(request, std::move(reply)); });
    routes.on(
        "POST", "/api/v1/cameras/{camera}/scene:check",
        [this](const HttpRequest& request, const HttpReply& reply) { reply(check(request)); });
    routes.on(
        "PUT", "/api/v1/cameras/{camera}/scene",
        [this](const HttpRequest& request, HttpReply reply) { save(request, std::move(reply)); });
}

json::object SceneDesk::cameras_json() const {
    json::array cameras;
    for (const SeenCamera& camera : parts_.cameras.all())
        cameras.emplace_back(preview_json(camera));
    json::object out;
    out["cameras"] = std::move(cameras);
    return out;
}

HttpResponse SceneDesk::background(const HttpRequest& request) const {
    const SeenCamera* camera = parts_.cameras.find(request.wild.at("camera"));
    const auto picture = camera ? camera->preview->background() : camera::GreyPicture{};
    if (picture.grey.empty())
        return staff::refuse({404, "Not Found", "no background is known (yet)"});
    HttpResponse response{.type = "image/bmp", .body = grey_bmp(picture)};
    response.headers["Cache-Control"] = "no-store";
    return response;
}

void SceneDesk::on_camera(const HttpRequest& request, const HttpReply& reply,
                          const std::function<void(const SeenCamera&)>& then) const {
    const SeenCamera* camera = parts_.cameras.find(request.wild.at("camera"));
    if (camera == nullptr) return reply(staff::refuse({404, "Not Found", "no such camera"}));
    then(*camera);
}

Result<tracking::Scene> SceneDesk::scene_in(const json::object& body,
                                            const SeenCamera& camera) const {
    const json::value* given = body.if_contains("scene");
    if (given == nullptr || !given->is_object()) return malformed("scene: an object");
    auto scene = scene_from_json(given->as_object());
    if (!scene) return scene;
    // Lines are drawn on a picture: a camera that comes back with another size is brought to it.
    const camera::PreviewView view = camera.preview->view();
    if (scene->picture.empty() && view.width > 0) {
        scene->picture.push_back(
            {static_cast<double>(view.width), static_cast<double>(view.height)});
    }
    const camera::ModuleApi& module = *parts_.cameras.module();
    return module.parse_scene(module.scene_text(*scene), camera.scene);
}

json::array SceneDesk::warnings_for(const tracking::Scene& scene, const SeenCamera& camera) const {
    const camera::PreviewView view = camera.preview->view();
    tracking::Point size{static_cast<double>(view.width), static_cast<double>(view.height)};
    if (!scene.picture.empty()) size = scene.picture.front();
    if (size.x <= 0) return {};
    std::vector<tracking::Box> people;
    for (const camera::PreviewBox& box : view.boxes) {
        if (!box.sure) continue;
        people.push_back({.x = static_cast<double>(box.x),
                          .y = static_cast<double>(box.y),
                          .w = static_cast<double>(box.w),
                          .h = static_cast<double>(box.h)});
    }
    return warnings_json(tracking::warnings_of(scene, tracking::picture_of(scene, size, people)));
}

HttpResponse SceneDesk::check(const HttpRequest& request) const {
    const SeenCamera* camera = parts_.cameras.find(request.wild.at("camera"));
    if (camera == nullptr) return staff::refuse({404, "Not Found", "no such camera"});
    const auto body = staff::body_of(request, kSceneBody);
    if (!body) return runtime::problem(body.error());
    const auto scene = scene_in(*body, *camera);
    if (!scene) return runtime::problem(scene.error());
    json::object out;
    out["warnings"] = warnings_for(*scene, *camera);
    return staff::json_answer(out);
}

void SceneDesk::read(const HttpRequest& request, HttpReply reply) {
    on_camera(request, reply, [&](const SeenCamera& camera) {
        const bool taken = parts_.elsewhere([this, &camera, reply] {
            auto text = read_scene_text(camera.scene);
            parts_.loop.post([this, &camera, reply, text = std::move(text)] {
                if (!text) return reply(runtime::problem(text.error()));
                const auto scene = parts_.cameras.module()->parse_scene(text->text, camera.scene);
                if (!scene) return reply(refusal_of(full(scene.error().detail)));
                json::object out;
                out["camera"] = camera.name;
                out["scene"] = scene_json(*scene);
                out["digest"] = text->digest;
                out["warnings"] = warnings_for(*scene, camera);
                reply(staff::json_answer(out));
            });
        });
        if (!taken) reply(runtime::problem(full("too many files wait")));
    });
}

void SceneDesk::save(const HttpRequest& request, HttpReply reply) {
    on_camera(request, reply, [&](const SeenCamera& camera) {
        const auto body = staff::body_of(request, kSceneBody);
        if (!body) return reply(runtime::problem(body.error()));
        auto by = staff::by_in(*body);
        if (!by) return reply(runtime::problem(by.error()));
        auto scene = scene_in(*body, camera);
        if (!scene) return reply(runtime::problem(scene.error()));
        auto save = std::make_shared<Save>();
        save->camera = &camera;
        save->write = {.path = camera.scene,
                       .text = parts_.cameras.module()->scene_text(*scene),
                       .read = staff::text_in(*body, "digest").value_or("")};
        save->scene = *std::move(scene);
        save->by = *std::move(by);
        save->reply = reply;
        const bool taken = parts_.elsewhere([this, save] {
            save->before = read_scene_text(save->write.path);
            save->wrote = write_scene_text(save->write);
            if (save->wrote) save->after = read_scene_text(save->write.path);
            parts_.loop.post([this, save] { saved(save); });
        });
        if (!taken) reply(runtime::problem(full("too many files wait")));
    });
}

void SceneDesk::saved(const std::shared_ptr<Save>& save) {
    if (!save->wrote) return save->reply(refusal_of(save->wrote.error()));
    if (!save->after) return save->reply(runtime::problem(save->after.error()));
    const camera::ModuleApi& module = *parts_.cameras.module();
    const auto old = save->before ? module.parse_scene(save->before->text, save->write.path)
                                  : Result<tracking::Scene>{tracking::Scene{}};
    Parts::Written written{
        .by = save->by,
        .camera = save->camera->name,
        .digest = save->after->digest,
        .moved = moved_doors(*save->camera, old ? *old : tracking::Scene{}, save->scene)};
    parts_.written(std::move(written), [this, save] {
        save->camera->preview->ask_for_scene();
        save->until = parts_.loop.clock().now().mono + kAnswerMax;
        waiting_.push_back(save);
        await_cameras();
    });
}

void SceneDesk::await_cameras() {
    std::erase_if(waiting_, [this](const auto& save) { return answer(*save); });
    looking_.cancel();
    if (!waiting_.empty()) looking_ = parts_.loop.after(kAnswerLook, [this] { await_cameras(); });
}

// False: not yet. A camera answers before its next picture, or later, when it can be opened again.
bool SceneDesk::answer(const Save& save) const {
    const camera::SceneAnswer answer = save.camera->preview->scene();
    const bool answered = answer.answered == answer.asked;
    if (!answered && parts_.loop.clock().now().mono < save.until) return false;
    json::object out;
    out["digest"] = save.after->digest;
    out["state"] = !answered ? "pending" : answer.fault.empty() ? "taken" : "refused";
    out["detail"] = answer.fault;
    out["warnings"] = warnings_for(save.scene, *save.camera);
    save.reply(staff::json_answer(out));
    return true;
}

std::function<void(SceneDesk::Parts::Written, std::function<void()>)> into_the_audit(
    Pipeline& pipeline, Floor& floor) {
    return [&pipeline, &floor](SceneDesk::Parts::Written written, std::function<void()> then) {
        Work work{.apply =
                      [&floor, written = std::move(written), then = std::move(then)](
                          Turn& turn, std::span<const Found>) {
                          floor.audit(turn, {.actor = written.by,
                                             .action = "scene.write",
                                             .subject = written.camera,
                                             .detail = written.digest});
                          for (const DoorId& door : written.moved) floor.moved(turn, door);
                          turn.after.push_back(then);
                      },
                  .failed = {},
                  .waits = true};
        pipeline.submit_inner(std::move(work));
    };
}

}  // namespace aisle::app
