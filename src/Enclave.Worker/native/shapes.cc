#include "shapes.h"

#include <bit>
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

// The map of a plain object tells the places of its members (class Map in V8's src/objects/map.h, three bytes from the second word on).
struct Places {
  size_t size, start, used;
};

Places PlacesOf(uintptr_t map) {
  auto at = [map](int n) { return size_t(Internals::ReadRawField<uint8_t>(map, v8::internal::kApiTaggedSize + n)); };
  return {at(0), at(1), at(2)};
}

constexpr size_t kHeaderWords = Internals::kJSObjectHeaderSize / v8::internal::kApiTaggedSize;
constexpr size_t kListHeaderWords = Internals::kFixedArrayHeaderSize / v8::internal::kApiTaggedSize;

// The second word of a list holds its length and a hash (class PropertyArray in V8's src/objects/property-array.h).
size_t LengthOf(uintptr_t list) { return size_t(Internals::SmiValue(Internals::ReadTaggedSignedField(list, v8::internal::kApiTaggedSize)) & 0x3ff); }

// Objects that V8 never moves. They are learned before any word of an object is read, since learning makes objects and so may move it.
struct Landmarks {
  v8::Isolate* isolate;
  // nothing: the store of an object without further members. list: the map of a store for members that do not fit into the object. number: the map of numbers.
  uintptr_t nothing, list, number;
} landmarks;

uintptr_t MapOf(uintptr_t object) { return Internals::ReadTaggedPointerField(object, Internals::kHeapObjectMapOffset); }

bool FindLandmarks(v8::Isolate* isolate) {
  if (landmarks.isolate == isolate) return true;
  Local<v8::Context> context = isolate->GetCurrentContext();
  Local<v8::Object> full = v8::Object::New(isolate);
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    if (full->CreateDataProperty(context, v8::String::NewFromUtf8(isolate, name).ToLocalChecked(), v8::Null(isolate)).IsNothing()) return false;
  }
  uintptr_t number = MapOf(ValueHelper::ValueAsAddress(*v8::Number::New(isolate, 0.5)));
  landmarks = {isolate, HeaderOf(full).elements, MapOf(HeaderOf(full).properties), number};
  return true;
}

// A list has the members for which an object has no room, in the order of the map. Instead of a list there may be a table with names of its own.
bool IsList(uintptr_t properties) { return Internals::HasHeapObjectTag(properties) && MapOf(properties) == landmarks.list; }

// A local handle for a word of V8's heap.
class Handle : v8::HandleScope {
 public:
  static Local<v8::Value> Of(v8::Isolate* isolate, uintptr_t word) { return std::bit_cast<Local<v8::Value>>(CreateHandle(isolate, word)); }
};

uintptr_t MapOf(const Shape& shape) { return shape.map.IsEmpty() ? 0 : ValueHelper::ValueAsAddress(ValueHelper::HandleAsValue(shape.map)); }

}  // namespace

Shape* Shapes::Known(Local<v8::Object> value) {
  uintptr_t map = 0;
  Shape* shape = PlaceOf(value, &map);
  return shape != nullptr && shape->is_learned && MapOf(*shape) == map ? shape : nullptr;
}

Shapes::Lesson Shapes::Begin(Local<v8::Object> value, size_t names) {
  Lesson lesson;
  uintptr_t map = 0;
  lesson.place = PlaceOf(value, &map);
  if (lesson.place == nullptr) return lesson;
  // Worth keeping at the second object alone.
  lesson.is_learning = MapOf(*lesson.place) == map && names <= kMaxNames;
  lesson.map = Handle::Of(isolate_, map);
  return lesson;
}

void Shapes::End(Local<v8::Object> value, Lesson lesson) {
  Shape* place = lesson.place;
  if (place == nullptr || place->users > 0) return;
  // Getters of the members may have changed the object, or another object may have taken the place.
  uintptr_t map = ValueHelper::ValueAsAddress(*lesson.map);
  if (HeaderOf(value).map != map) return;
  bool is_same = MapOf(*place) == map;
  if (lesson.is_learning && is_same) {
    place->names = std::move(lesson.names);
    place->is_learned = true;
    Measure(value, *place);
  } else if (!is_same) {
    place->map.Reset(isolate_, lesson.map);
    place->is_learned = false;
  }
}

// Plain objects whose members are all named in the map: none is a number, none is in a table of the object's own. V8 has other kinds for dates, proxies,
// errors, functions and objects of this program.
Shape* Shapes::PlaceOf(Local<v8::Object> value, uintptr_t* map) {
  if (Internals::GetInstanceType(ValueHelper::ValueAsAddress(*value)) != Internals::kJSObjectType) return nullptr;
  if (!FindLandmarks(isolate_)) return nullptr;
  Header header = HeaderOf(value);
  if (header.elements != landmarks.nothing || (header.properties != landmarks.nothing && !IsList(header.properties))) return nullptr;
  *map = header.map;
  return &shapes_[header.map / 64 % shapes_.size()];
}

// V8 numbers the places of data members in the order in which they were added, which is that of the names: the first ones in the object, the others in its
// list. Accessors have none; symbols, private names and members that are not enumerable have one too. So the places are those of the names if there are as
// many and no name has an accessor.
void Shapes::Measure(Local<v8::Object> value, Shape& shape) {
  shape.in_order = false;
  Header header = HeaderOf(value);
  Places places = PlacesOf(header.map);
  if (places.start != kHeaderWords || places.size < places.start || (places.used >= kHeaderWords && places.used > places.size)) return;
  shape.inside = places.size - places.start;
  // A number above the header's is the end of the members in the object. A lower one says how much of the list is free.
  size_t listed = places.used < kHeaderWords && IsList(header.properties) ? LengthOf(header.properties) : 0;
  size_t members = places.used >= kHeaderWords ? places.used - places.start : shape.inside + listed - places.used;
  if (members != shape.names.size()) return;
  Local<v8::Context> context = isolate_->GetCurrentContext();
  shape.in_order = true;
  for (size_t i = 0; i < shape.names.size() && shape.in_order; i++) {
    Local<v8::String> name = shape.names[i].text.Get(isolate_);
    Local<v8::Value> asked, found;
    uintptr_t word;
    shape.in_order = !value->HasRealNamedCallbackProperty(context, name).FromMaybe(true) && value->Get(context, name).ToLocal(&asked) &&
                     (!Word(value, shape, i, &word) || !IsValue(isolate_, word, &found) || found->SameValue(asked));
  }
}

bool Shapes::Word(Local<v8::Object> value, const Shape& shape, size_t index, uintptr_t* word) {
  v8::internal::Address holder = ValueHelper::ValueAsAddress(*value);
  Header header = HeaderOf(value);
  if (!shape.in_order || header.map != MapOf(shape)) return false;
  size_t at = kHeaderWords + index;
  if (index >= shape.inside) {
    holder = header.properties;
    if (!IsList(holder) || index - shape.inside >= LengthOf(holder)) return false;
    at = kListHeaderWords + index - shape.inside;
  }
  *word = Internals::ReadTaggedPointerField(holder, int(at * v8::internal::kApiTaggedSize));
  return true;
}

bool Shapes::IsNumber(uintptr_t word, double* number) {
  if (!Internals::HasHeapObjectTag(word) || MapOf(word) != landmarks.number) return false;
  *number = Internals::ReadRawField<double>(word, v8::internal::kApiTaggedSize);
  return true;
}

bool Shapes::IsValue(v8::Isolate* isolate, uintptr_t word, Local<v8::Value>* value) {
  int type = Internals::HasHeapObjectTag(word) ? Internals::GetInstanceType(word) : 0;
  if (type >= Internals::kFirstNonstringType && type < Internals::kJSObjectType && MapOf(word) != landmarks.number) return false;
  *value = Handle::Of(isolate, word);
  return true;
}
