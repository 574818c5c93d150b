#include "shapes.h"

#include <utility>

using v8::Local;
using v8::internal::Internals;
using v8::internal::ValueHelper;

namespace {

// More names are not kept: an object is written with all handles of its members.
constexpr size_t kMaxNames = 64;

static_assert(v8::internal::kApiTaggedSize == sizeof(uintptr_t), "objects of V8 have whole pointers");

// The beginning of each object (Internals::kJSObjectHeaderSize). The map says of which kind the object is, and its names in order; names that would not
// fit, or are numbers, are beside it.
struct Header {
  uintptr_t map, properties, elements;
};

Header HeaderOf(Local<v8::Object> value) {
  v8::internal::Address object = ValueHelper::ValueAsAddress(*value);
  auto word = [object](int n) { return Internals::ReadTaggedPointerField(object, n * v8::internal::kApiTaggedSize); };
  return {word(0), word(1), word(2)};
}

}  // namespace

Shape* Shapes::Known(Local<v8::Object> value) {
  uintptr_t map = 0;
  Shape* shape = PlaceOf(value, &map);
  bool is_known = shape != nullptr && shape->map == map && !shape->first.IsEmpty() && HeaderOf(shape->first.Get(isolate_)).map == map;
  return is_known ? shape : nullptr;
}

Shapes::Lesson Shapes::Begin(Local<v8::Object> value, size_t names) {
  Lesson lesson;
  lesson.place = PlaceOf(value, &lesson.map);
  // Worth keeping at the second object alone.
  lesson.is_learning = lesson.place != nullptr && lesson.place->map == lesson.map && names <= kMaxNames;
  return lesson;
}

void Shapes::End(Local<v8::Object> value, Lesson lesson) {
  Shape* place = lesson.place;
  // What its members did may have changed it, or taken the place.
  if (place == nullptr || place->users > 0 || HeaderOf(value).map != lesson.map) return;
  if (lesson.is_learning && place->map == lesson.map) {
    place->first.Reset(isolate_, value);
    place->names = std::move(lesson.names);
  } else if (place->map != lesson.map) {
    place->map = lesson.map;
    place->first.Reset();
  }
}

// Plain objects whose members are all named in the map: none is a number, none is in a table of the object's own. V8 has other kinds for dates, proxies,
// errors, functions and objects of this program.
Shape* Shapes::PlaceOf(Local<v8::Object> value, uintptr_t* map) {
  if (Internals::GetInstanceType(ValueHelper::ValueAsAddress(*value)) != Internals::kJSObjectType) return nullptr;
  if (nothing_ == 0) nothing_ = HeaderOf(v8::Object::New(isolate_)).elements;
  Header header = HeaderOf(value);
  if (header.elements != nothing_ || (header.properties != nothing_ && !IsList(header.properties))) return nullptr;
  *map = header.map;
  return &shapes_[header.map / 64 % shapes_.size()];
}

// Whether this is where an object keeps members for which it has no room, in the order of the map: not a table with names of its own.
bool Shapes::IsList(uintptr_t properties) {
  if (!Internals::HasHeapObjectTag(properties)) return false;
  if (list_ == 0) {
    Local<v8::Context> context = isolate_->GetCurrentContext();
    Local<v8::Object> full = v8::Object::New(isolate_);
    for (const char* name : {"a", "b", "c", "d", "e"}) {
      if (full->CreateDataProperty(context, v8::String::NewFromUtf8(isolate_, name).ToLocalChecked(), v8::Null(isolate_)).IsNothing()) return false;
    }
    list_ = Internals::ReadTaggedPointerField(HeaderOf(full).properties, Internals::kHeapObjectMapOffset);
  }
  return Internals::ReadTaggedPointerField(properties, Internals::kHeapObjectMapOffset) == list_;
}
