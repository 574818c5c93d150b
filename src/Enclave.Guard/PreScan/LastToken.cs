namespace Enclave.Guard.PreScan;

/// <summary>The significant token before the place where the walk stands, as far as it decides what comes next.</summary>
internal enum LastToken : byte
{
    /// <summary>None, or an opened block: a statement begins.</summary>
    Start,

    /// <summary>A semicolon.</summary>
    Semicolon,

    /// <summary>The brace that closed a block: a statement begins.</summary>
    BlockEnd,

    /// <summary>The parenthesis that closed the head of if, for, while or with.</summary>
    ControlHeadEnd,

    /// <summary>The colon of a label or a case.</summary>
    Label,

    /// <summary>The parenthesis that closed the parameters of a function in an expression.</summary>
    ParametersEnd,

    /// <summary>A closing parenthesis of any other kind.</summary>
    ParenthesisEnd,

    /// <summary>A number, string, template, regular expression, or the end of an array, object or function.</summary>
    Operand,

    /// <summary>A word, reserved or not.</summary>
    Word,

    /// <summary>What stands between an object and the name of its member.</summary>
    Dot,

    /// <summary>An arrow.</summary>
    Arrow,

    /// <summary>Anything behind which an expression has to come: operators, commas, opening brackets.</summary>
    Operator,
}
