namespace Enclave.JavaScript.RegExp;

/// <summary>Which grammar a pattern is read by: the parameters of ECMA-262 22.2.1.</summary>
internal enum RegExpMode : byte
{
    /// <summary>Neither u nor v: characters are UTF-16 units, and Annex B.1.2 gives a meaning to what would be errors.</summary>
    Legacy,

    /// <summary>Flag u (UnicodeMode).</summary>
    Unicode,

    /// <summary>Flag v (UnicodeMode and UnicodeSetsMode).</summary>
    UnicodeSets,
}

/// <summary>What <c>\k</c> is in legacy mode: the parameter NamedCaptureGroups.</summary>
internal enum NamedReferences : byte
{
    /// <summary>The letter k.</summary>
    Off,

    /// <summary>The start of a reference to a named group.</summary>
    On,
}

/// <summary>Whether a class can match more or less than one character (ECMA-262 22.2.1.8, MayContainStrings).</summary>
internal enum ClassContent : byte
{
    /// <summary>Characters only.</summary>
    Characters,

    /// <summary>Strings of other lengths too.</summary>
    Strings,
}
