#pragma once

#include "agent/footfall/books.hpp"
#include "agent/footfall/scene_books.hpp"
#include "agent/footfall/today.hpp"

namespace aisle::footfall {

// The figures of the business day that `now` lies in.
Today summary_of(const Books& books, const SceneBooks& scenes, WallTime now);

}  // namespace aisle::footfall
