// Names of plain objects, kept by the maps of V8: most objects of a list have the names of the one before, and asking for them takes longer than the rest.
#pragma once
#include <v8.h>

#include <array>
#include <string>
#include <vector>

struct Shape {
  struct Name {
    v8::Global<v8::String> text;
    std::string bytes;  // as they are on the wire
  };
  // Held, so that no other map comes to its address.
  v8::Global<v8::Value> map;
  // A second object with this map was met, and its names are kept.
  bool is_learned = false;
  std::vector<Name> names;
  // The object and its list hold its members in the order of the names, and nothing else; `inside` is the number of members in the object itself.
  bool in_order = false;
  size_t inside = 0;
  // The number of objects that are being written with this shape. The shape is kept while it is above 0.
  int users = 0;
};

class Shapes {
 public:
  // What is learned of an object while it is written without a shape.
  struct Lesson {
    Shape* place = nullptr;
    v8::Local<v8::Value> map;
    bool is_learning = false;
    std::vector<Shape::Name> names;
  };

  explicit Shapes(v8::Isolate* isolate) : isolate_(isolate) {}

  // The shape of an object; null if it is not known.
  Shape* Known(v8::Local<v8::Object> value);
  Lesson Begin(v8::Local<v8::Object> value, size_t names);
  void End(v8::Local<v8::Object> value, Lesson lesson);
  // The word in the place of a member, without asking V8 for its name: an object of V8 stays at this address until V8 is called. False where only V8 knows
  // it: whatever ran since the member before may have changed the object.
  static bool Word(v8::Local<v8::Object> value, const Shape& shape, size_t index, uintptr_t* word);
  static bool IsNumber(uintptr_t word, double* number);
  // False for a word that no script sees: places hold V8's own objects too.
  static bool IsValue(v8::Isolate* isolate, uintptr_t word, v8::Local<v8::Value>* value);

 private:
  Shape* PlaceOf(v8::Local<v8::Object> value, uintptr_t* map);
  void Measure(v8::Local<v8::Object> value, Shape& shape);

  v8::Isolate* isolate_;
  std::array<Shape, 8> shapes_;
};
