namespace Enclave.Guard.Tests.Transforms;

/// <summary>Makes programs that shuffle values through variables, loops, labels and closures and use them as keys. All of them end.</summary>
internal sealed class ProgramMaker(Random random, string[] strings)
{
    private static readonly string[] s_names = ["a", "b", "c", "d"];
    private int _labels;

    public string Next()
    {
        _labels = 0;
        string body = string.Join(' ', Enumerable.Range(0, random.Next(2, 7)).Select((_) => Statement(3, [])));
        return $"const log = []; const fs = []; const o = {{ x: 1, y: {{ x: 2 }}, 0: 'a', 1: 'b', 2: 'x' }}; {Declaration("a")} {Declaration("b")} " +
            $"{Declaration("c")} {Declaration("d")} {body} return [log, a, b];";
    }

    private string Declaration(string name) => random.Next(7) switch
    {
        0 => $"var {name};",
        1 => $"var {name} = {Value(1)};",
        2 => $"let {name};",
        3 => $"const {name} = {Value(1)};",
        4 => $"let [{name}] = [{Literal()}];",
        _ => $"let {name} = {Literal()};",
    };

    private string Name() => s_names[random.Next(s_names.Length)];

    private string Text() => $"'{strings[random.Next(strings.Length)]}'";

    private string Literal() => random.Next(8) switch
    {
        0 => Text(),
        1 => "undefined",
        2 => "1n",
        3 => $"[{Text()}]",
        4 => $"({{ toString: () => {Text()} }})",
        5 => $"({{ valueOf: () => {Text()}, toString: () => 'y' }})",
        _ => random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private string Value(int depth)
    {
        if (depth <= 0) return random.Next(2) == 0 ? Name() : Literal();
        string one = Value(depth - 1), name = Name();
        return random.Next(20) switch
        {
            0 => $"({one} + {Value(depth - 1)})",
            1 => $"({one} - {Value(depth - 1)})",
            2 => $"{name}++",
            3 => $"--{name}",
            4 => $"({name} += {one})",
            5 => $"({name} -= {one})",
            6 => $"({name} = {one})",
            7 => $"({name} {Pick("||=", "&&=", "??=")} {one})",
            8 => $"({one} {Pick("||", "&&", "??")} {Value(depth - 1)})",
            9 => $"-{name}",
            10 => $"`${{{one}}}`",
            11 => $"`{Pick("x", "_", "con", "__")}${{{one}}}{Pick("", "r", "z", "__")}`",
            12 => $"({one} ? {Value(depth - 1)} : {Value(depth - 1)})",
            13 => $"({name}, {one})",
            14 => $"typeof {name}",
            15 => $"(({name}) => {Value(depth - 1)})({one})",
            16 => $"(({name}, z = 1) => {{ var {name}; log.push(o[{name}]); return {Value(depth - 1)} }})({one})",
            17 => $"(({name} = {one}) => {Value(depth - 1)})()",
            18 => $"((s, v) => v)`${{{one}}}`",
            _ => one,
        };
    }

    private string Pick(params ReadOnlySpan<string> all) => all[random.Next(all.Length)];

    private string Use()
    {
        string key = random.Next(3) == 0 ? Value(2) : Value(random.Next(2));
        return random.Next(9) switch
        {
            0 => $"o[{key}] = {Value(1)};",
            1 => $"o[{key}]++;",
            2 => $"log.push(delete o[{key}]);",
            3 => $"{{ const {{ [{key}]: z }} = o; log.push(z); }}",
            4 => $"({{ [{key}]: {Name()} }} = o);",
            5 => $"log.push(o?.[{key}]?.x);",
            6 => $"o[{key}] ??= 1;",
            7 => $"[o[{key}]] = [{Value(1)}];",
            _ => $"log.push(o[{key}]);",
        };
    }

    private string Write()
    {
        string name = Name();
        return random.Next(8) switch
        {
            0 => $"[{name}] = [{Value(1)}];",
            1 => $"({{ {name} }} = {{ {name}: {Value(1)} }});",
            2 => $"[...{name}] = {Text()};",
            3 => $"({{ y: {name} = 3 }} = {{ y: {Literal()} }});",
            4 => $"{name} += {Value(1)};",
            5 => $"{name}++;",
            6 => $"{name} = {Name()};",
            _ => $"{name} = {Value(2)};",
        };
    }

    private string Statement(int depth, string[] labels)
    {
        if (depth == 0 || random.Next(3) == 0) return Leaf(labels);
        string name = Name();
        return random.Next(15) switch
        {
            0 or 1 or 2 => Loop(depth, labels),
            3 => $"if ({Value(1)}) {Loop(depth, labels)} else {Loop(depth, labels)}",
            4 => $"switch ({Value(1)}) {{ case 1: {Loop(depth, labels)} break; case {Text()}: {Statement(depth - 1, labels)} default: {Leaf(labels)} }}",
            5 => $"try {{ throw {Value(1)} }} catch ({name}) {{ {Statement(depth - 1, labels)} }} finally {{ {Leaf([])} }}",
            6 => $"{{ let {name} = {Literal()}; {Body(depth, labels)} }}",
            7 => $"fs.push(async () => {{ {Body(depth, [])} }});",
            8 => "for (const f of fs.splice(0)) await f();",
            9 => $"await (async ({name}) => {{ {Body(depth, [])} }})({Value(1)});",
            10 => $"await (async ({name}, z = () => {name}) => {{ var {name}; {Body(depth, [])} }})({Value(1)});",
            11 => $"log.push(await Promise.all([1, {Value(1)}].map(async ({name}) => {{ {Body(depth, [])} return {Value(1)} }})));",
            12 => $"log.push([0, {Value(1)}].map(({name}, i) => o[{Pick(name, "i", "i + 1")}]));",
            13 => $"{{ function q() {{ var b = {Value(1)}; return o[b] }} log.push(typeof q()); {Leaf([])} }}",
            _ => $"{{ const k = {Value(1)}; {Body(depth, labels)} log.push(o[k]); }}",
        };
    }

    private string Body(int depth, string[] labels) => $"{Statement(depth - 1, labels)} {Statement(depth - 1, labels)}";

    private string Leaf(string[] labels)
    {
        if (labels.Length > 0 && random.Next(6) == 0) return $"if ({Value(1)}) {Pick("continue", "break")} {labels[random.Next(labels.Length)]};";
        return $"try {{ {(random.Next(2) == 0 ? Use() : Write())} }} catch (e) {{ log.push(e.name); }}";
    }

    private string Loop(int depth, string[] labels)
    {
        int number = ++_labels;
        string label = $"l{number}", name = Name(), counter = $"i{number}";
        string body = random.Next(3) == 0 ? Statement(depth - 1, [.. labels, label]) : $"{{ {Body(depth, [.. labels, label])} }}";
        string prefix = random.Next(4) == 0 ? $"m{number}: {label}: " : $"{label}: ";
        string guarded = $"{{ if ({counter}++ > 2) break; {body} }}";
        return random.Next(8) switch
        {
            0 => $"{prefix}for (let {counter} = 0; {counter} < 3; {counter}++) {{ fs.push(() => log.push({counter})); log.push(o[{counter}], " +
                $"o[{counter} + 1]); {body} }}",
            1 => $"{prefix}for (const {name} in {{ x: 1, 2: 3 }}) {body}",
            2 => $"{prefix}for (const {name} of [{Value(1)}, {Value(1)}]) {body}",
            3 => $"{prefix}for (let [{name}, k = 1] of [[{Value(1)}]]) {body}",
            4 => $"{prefix}for await ({name} of [{Value(1)}, {Value(1)}]) {body}",
            5 => $"{{ let {counter} = 0; {prefix}while ({counter} < 9) {guarded} }}",
            6 => $"{{ let {counter} = 0; {prefix}do {guarded} while ({Value(1)}) }}",
            _ => $"{prefix}for ({name} of (function* () {{ yield {Literal()}; yield {Literal()}; }})()) {body}",
        };
    }
}
