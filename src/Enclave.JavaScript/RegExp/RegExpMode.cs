namespace Enclave.JavaScript.RegExp;

/// <summary>The grammar for a pattern: the parameters of ECMA-262 22.2.1.</summary>
internal enum RegExpMode : byte
{
    /// <summary>Neither u nor v: characters are UTF-16 units, and Annex B.1.2 gives a meaning to many errors.</summary>
    Legacy,

    /// <summary>Flag u (UnicodeMode).</summary>
    Unicode,

    /// <summary>Flag v (UnicodeMode and UnicodeSetsMode).</summary>
    UnicodeSets,
}

/// <summary>The meaning of <c>\k</c> in legacy mode: the parameter NamedCaptureGroups.</summary>
internal enum NamedReferences : byte
{
    /// <summary>The letter k.</summary>
    Off,

    /// <summary>The start of a reference to a named group.</summary>
    On,
}

/// <summary>Says if a class can match more or less than one character (ECMA-262 22.2.1.8, MayContainStrings).</summary>
internal enum ClassContent : byte
{
    /// <summary>Characters only.</summary>
    Characters,

    /// <summary>Strings of other lengths too.</summary>
    Strings,
}
