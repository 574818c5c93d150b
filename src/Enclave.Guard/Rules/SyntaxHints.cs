using System.Text.RegularExpressions;
using Enclave.Guard.Unicode;
using Enclave.JavaScript;

namespace Enclave.Guard.Rules;

/// <summary>Hints for mistakes of the grammar, by the words of the error and the line that has it.</summary>
internal static partial class SyntaxHints
{
    private const int Longest = 200;

    private const string TakeAnotherName = "It is a word of the language: take another name.";

    private const string Alone = "Send the script alone, or in one block that begins with ```js.";

    // Words of the parser that are enough to know the mend.
    private static readonly (string Words, string Hint)[] s_messages =
    [
        ("parentheses around the unary expression", "Write (-2) ** 2, or -(2 ** 2)."),
        ("is already declared in this scope", "Give it another name. To change the value leave const or let out, and declare it with let."),
        ("An expression with '?.' cannot be assigned to", "Write if (o) o.name = value, without ?. on the left."),
        ("'yield' is reserved", "yield stands only in a generator, function* f() { … }: write return."),
        ("names no label around it", "Write the label before the loop that it means: outer: for (const x of xs) { … }."),
        ("A number with a leading 0", "Write 0o17 for octal digits, or the number without the 0."),
        ("A variable cannot be deleted", "Leave delete out. To forget the value write x = undefined, with let x."),
        ("The private name '", "A name with # is private to its class: read it through a getter or a method of the class."),
        ("Two parameters have this name", "Give the second parameter another name."),
        ("This cannot be assigned to", "Only names and members get values: write const x = f(), or compare with ===."),
        ("The string that begins here is not closed", "Close the quote. For a text over several lines write backticks: `…`."),
        ("is reserved in strict code", TakeAnotherName),
        ("cannot be a name", TakeAnotherName),
        ("'arguments'", "Take the arguments by name, or as an array: (...args) => …."),
        ("'return' stands outside", "Leave it out, or put it into a function."),
        ("'super'", "super stands only in a method of a class with extends."),
        ("A class can have only one constructor", "Leave one constructor, with default values: constructor(a, b = 1) { … }."),
    ];

    /// <summary>The hint for an error of the grammar; null if its line shows no known mistake.</summary>
    public static string? For(ParseError error, string source, int offset)
    {
        (int from, string before, string rest) = Line(source, offset);
        if (error.Message.Contains("(U+", StringComparison.Ordinal)) return OfCharacter(source, offset);
        if (OfPlaceholder(before + rest) is { } placeholder) return placeholder;
        if (IsLeftOut(source.AsSpan(Math.Max(0, offset - Longest), Math.Min(offset, Longest)), rest))
            return "... stands for code that is left out: write that code.";
        if (error.Code == ParseErrorCode.RegExp) return OfPattern(before + rest);
        if (OfQuote(source, from, offset, rest) is { } quote) return quote;
        if (rest.StartsWith('#') && rest.Length > 1 && !char.IsLetter(rest[1])) return "Comments begin with //.";
        if (rest.StartsWith("=>", StringComparison.Ordinal) && string.IsNullOrWhiteSpace(before)) return "Write => on the line of its parameters.";
        if (rest.StartsWith('>') && before.EndsWith('|')) return "|> is not JavaScript: write f(x) in place of x |> f.";
        if (ElseIf().IsMatch(before)) return "Write else if (…) { … }.";
        if (rest.StartsWith(':') && OfColon(before) is { } colon) return colon;
        if (Markup().IsMatch(before + rest)) return "There are no JSX tags: write HTML as text between backticks, `<div>${c.name}</div>`.";
        if (InClass().IsMatch(before)) return "A class has methods and fields, no statements: write run() { … } around it.";
        if (rest.StartsWith('=') && OpenType().IsMatch(before)) return "The type is not closed: a } is missing before the =.";
        if (error.Message.StartsWith("'break' stands", StringComparison.Ordinal) || error.Message.StartsWith("'continue' stands", StringComparison.Ordinal))
            return "In a callback write return, or use a for … of loop, which has break and continue. To end the script write return.";
        if (Case().IsMatch(rest)) return "A case stands only in switch (x) { … }: write if (x === 1) { … }.";
        bool isWord = error.Message.StartsWith("The reserved word '", StringComparison.Ordinal) || rest.StartsWith("await", StringComparison.Ordinal);
        if (isWord && Declares().IsMatch(before)) return TakeAnotherName;
        if (error.Message.EndsWith("expected '('", StringComparison.Ordinal) && Condition().IsMatch(before))
            return "Write if (…) { … }, with the condition in brackets, ! for not, && for and.";
        foreach ((string words, string hint) in s_messages)
        {
            if (error.Message.Contains(words, StringComparison.Ordinal)) return hint;
        }

        // A sentence continues after code in backticks.
        return Sentence().IsMatch(rest) ? $"This is a sentence, not code. {Alone}" : null;
    }

    /// <summary>The hint for a name that stands behind another one: a declaration of another language, or a sentence. Null if it is neither.</summary>
    /// <param name="error">The error.</param>
    /// <param name="source">The text.</param>
    /// <param name="offset">The place of the error.</param>
    /// <param name="least">The least words in front of the place.</param>
    public static string? OfWords(ParseError error, string source, int offset, int least = 1)
    {
        if (!error.Message.StartsWith("The ", StringComparison.Ordinal)) return null;
        (_, string before, string rest) = Line(source, offset);
        if (Words().Match(before) is not { Success: true } words || !FirstWord().IsMatch(rest)) return null;
        string text = words.Value.Trim();
        if (text.Split(' ').Length < least) return null;
        if (!text.Contains(' ', StringComparison.Ordinal) && Assigned().IsMatch(rest))
            return "Declare it with const, without a type before the name: const name = ….";
        string shown = text.Length > 40 ? $"{text[..40]}…" : text;
        return $"The words '{shown} …' are not code. {Alone}";
    }

    private static (int From, string Before, string After) Line(string source, int offset)
    {
        int from = Math.Max(source.AsSpan(0, offset).LastIndexOf('\n') + 1, offset - Longest);
        ReadOnlySpan<char> rest = source.AsSpan(offset, Math.Min(Longest, source.Length - offset));
        if (rest.IndexOfAny('\r', '\n') is >= 0 and var end) rest = rest[..end];
        return (from, source[from..offset], rest.ToString());
    }

    private static string OfCharacter(string source, int offset) => Typography.PlainOf(source[Math.Min(offset, source.Length - 1)]) switch
    {
        { Length: 0 } => "It is invisible: remove it.",
        { } plain => $"Write {plain}.",
        null when source[offset] == '\\' => "A backslash stands only in texts in quotes: write real line ends and plain quotes.",
        null => "Remove it, or put it into a text in quotes.",
    };

    private static string? OfPlaceholder(string line) =>
        Placeholder().Match(line) is { Success: true } found ? $"{found.Value} is a placeholder: write the real value." : null;

    private static bool IsLeftOut(ReadOnlySpan<char> before, string rest)
    {
        if (before.TrimEnd().EndsWith("...") || before.TrimEnd().EndsWith("…")) return true;
        return rest.StartsWith("...", StringComparison.Ordinal) && (rest.Length == 3 || rest[3] is ' ' or '\t' or ';' or ')' or '}' or ']');
    }

    private static string OfPattern(string line) =>
        line.Contains("(?i", StringComparison.Ordinal) ? "(?i) is not JavaScript: write the flag behind the pattern, /abc/i."
        : line.Contains("(?P<", StringComparison.Ordinal) ? "Write (?<name>…) for a named group."
        : "Correct the pattern, or use includes, indexOf and split.";

    /// <summary>A quote inside of a text ends it, and a word follows.</summary>
    private static string? OfQuote(string source, int from, int offset, string rest)
    {
        if (offset <= from || rest.Length == 0 || !(char.IsLetter(rest[0]) || rest[0] == '{')) return null;
        char quote = source[offset - 1];
        if (quote is not ('\'' or '"' or '`')) return null;
        int open = source.AsSpan(from, offset - 1 - from).LastIndexOf(quote);
        if (open < 0) return null;
        string text = source[(from + open)..offset];
        string shown = text.Length > 40 ? $"…{text[^40..]}" : text;
        return quote switch
        {
            '`' => $"The template {shown} ends at this backtick: write \\` for a backtick inside of it.",
            '\'' => $"The text {shown} ends at this quote: write \\' inside of it, or put double quotes around the text.",
            _ => $"The text {shown} ends at this quote: write \\\" inside of it, or put single quotes around the text.",
        };
    }

    private static string? OfColon(string before)
    {
        if (UnquotedTool().IsMatch(before)) return "The name of a tool is a text in quotes: await callTool('service:name', { … }).";
        if (NamedArgument().IsMatch(before)) return "Give named arguments as one object: f('name', { id: 1 }).";
        return ArrowBlock().IsMatch(before) ? "The { behind => begins a block. For an object write (x) => ({ id: x })." : null;
    }

    [GeneratedRegex(
        @"<[A-Z][A-Z0-9]*_[A-Z0-9_]*>|<(?:your|YOUR|insert|INSERT|the)[ _-][\w -]{1,40}>|\{\{\s*[\w.]{1,40}\s*\}\}|\[(?:YOUR|INSERT)[ _][\w ]{1,40}\]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\b(?:elseif|elsif|elif)\s*\(.*\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex ElseIf();

    [GeneratedRegex(@"(?:^|return|[(=?:,]|&&|=>)\s*<(?:[A-Za-z][\w.]*(?:\s[^<>]*)?)?/?>", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\bclass\b[^{}]*\{\s*(?:return|const|let|var|if|for|await)\b[^{}]*$", RegexOptions.CultureInvariant)]
    private static partial Regex InClass();

    [GeneratedRegex(@"[\w)]\??\s*:\s*\{[^{}]*$", RegexOptions.CultureInvariant)]
    private static partial Regex OpenType();

    [GeneratedRegex(@"^(?:case\b.*:|default\s*:)", RegexOptions.CultureInvariant)]
    private static partial Regex Case();

    [GeneratedRegex(@"\b(?:const|let|var|function|class)\s+$", RegexOptions.CultureInvariant)]
    private static partial Regex Declares();

    [GeneratedRegex(@"\b(?:if|while|switch)\s+$", RegexOptions.CultureInvariant)]
    private static partial Regex Condition();

    [GeneratedRegex(@"\bcallTool\(\s*[\w.\-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex UnquotedTool();

    [GeneratedRegex(@"[\w$]\((?:[^(){}]*,)?\s*\w+\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex NamedArgument();

    [GeneratedRegex(@"=>\s*\{[^{}]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ArrowBlock();

    [GeneratedRegex(@"^\p{L}+(?: [\p{L}'`,\-]+){2,}[.!:]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    [GeneratedRegex(
        @"^\s*(?!(?:return|const|let|var|if|else|for|while|do|function|async|await|class|throw|new|typeof|delete|void|in|of|import|export|case|type)\b)" +
        @"\p{L}[\p{L}\p{Nd}_'’]*(?:[ ,]+\p{L}[\p{L}\p{Nd}'’\-]*){0,12}[ ,:]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"^\p{L}", RegexOptions.CultureInvariant)]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"^[\w$]+\s*(?:=[^=>]|;|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();
}
