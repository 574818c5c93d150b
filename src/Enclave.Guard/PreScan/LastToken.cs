namespace Enclave.Guard.PreScan;

/// <summary>The last significant token before the scanner's position. It decides what may come next.</summary>
internal enum LastToken : byte
{
    /// <summary>No token, or an opened block: a statement begins.</summary>
    Start,

    /// <summary>A semicolon.</summary>
    Semicolon,

    /// <summary>The brace that closes a block: a statement begins.</summary>
    BlockEnd,

    /// <summary>The parenthesis that closes the head of if, for, while or with.</summary>
    ControlHeadEnd,

    /// <summary>The colon of a label or a case.</summary>
    Label,

    /// <summary>The parenthesis that closes the parameters of a function expression.</summary>
    ParametersEnd,

    /// <summary>A closing parenthesis of any other kind.</summary>
    ParenthesisEnd,

    /// <summary>A number, string, template, regular expression, or the end of an array, object or function.</summary>
    Operand,

    /// <summary>A word, reserved or not.</summary>
    Word,

    /// <summary>The dot between an object and the name of its member.</summary>
    Dot,

    /// <summary>An arrow.</summary>
    Arrow,

    /// <summary>A token that an expression must follow: an operator, a comma, an opening bracket.</summary>
    Operator,
}
