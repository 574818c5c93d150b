namespace Enclave.JavaScript.Matching;

/// <summary>Flags of a regular expression (ECMA-262, 22.2.3.1) that decide if a text matches. <c>m</c>, <c>s</c> and <c>v</c> are not read.</summary>
[Flags]
public enum RegularExpressionOptions
{
    /// <summary>No flags: a pattern matches code units, and Annex B.1.2 holds.</summary>
    None = 0,

    /// <summary><c>i</c>: upper and lower case are the same. Together with <see cref="Unicode"/> it compares upper case instead of folded characters.</summary>
    IgnoreCase = 1,

    /// <summary><c>u</c>: a pattern matches code points and may name general categories. A lone bracket or brace, and a backslash before any ASCII sign,
    /// mean the character, as authors of schemas write them.</summary>
    Unicode = 2,
}
