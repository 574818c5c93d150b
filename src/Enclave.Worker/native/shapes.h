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
  uintptr_t map = 0;
  // Has this map. Empty until a second object with it was met.
  v8::Global<v8::Object> first;
  std::vector<Name> names;
  // Objects that are being written by it: meanwhile it stays.
  int users = 0;
};

class Shapes {
 public:
  // What is learned of an object while it is written without a shape.
  struct Lesson {
    Shape* place = nullptr;
    uintptr_t map = 0;
    bool is_learning = false;
    std::vector<Shape::Name> names;
  };

  explicit Shapes(v8::Isolate* isolate) : isolate_(isolate) {}

  // The shape of an object; null if it is not known. The names are read from the object all the same, so a wrong one breaks nothing.
  Shape* Known(v8::Local<v8::Object> value);
  Lesson Begin(v8::Local<v8::Object> value, size_t names);
  void End(v8::Local<v8::Object> value, Lesson lesson);

 private:
  Shape* PlaceOf(v8::Local<v8::Object> value, uintptr_t* map);
  bool IsList(uintptr_t properties);

  v8::Isolate* isolate_;
  std::array<Shape, 8> shapes_;
  // Where an object keeps members that it does not have, and the map of the lists in which it keeps those that do not fit into it. Both are V8's, for ever.
  uintptr_t nothing_ = 0, list_ = 0;
};
