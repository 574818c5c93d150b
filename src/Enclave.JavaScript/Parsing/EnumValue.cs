namespace Enclave.JavaScript.Parsing;

/// <summary>What is known of a value from the program's text: the number, that it is a string, or nothing.</summary>
/// <remarks>The characters of a string are not kept: an enum of a few lines could double them with each member.</remarks>
internal readonly record struct EnumValue(EnumValueKind Kind, double Number = 0)
{
    public static EnumValue Text { get; } = new(EnumValueKind.Text);

    public static EnumValue ComputedText { get; } = new(EnumValueKind.ComputedText);

    public static EnumValue Of(double number) => new(EnumValueKind.Number, number);

    public bool IsNumber => Kind == EnumValueKind.Number;

    public bool IsText => Kind is EnumValueKind.Text or EnumValueKind.ComputedText;

    /// <summary>True for a number, and for a text whose characters the text shows.</summary>
    public bool IsConstant => Kind is EnumValueKind.Number or EnumValueKind.Text;
}

/// <summary>What is known of a value from the program's text.</summary>
internal enum EnumValueKind : byte
{
    /// <summary>The value is known only at run time.</summary>
    Unknown,
    Number,
    Text,

    /// <summary>A text whose characters are known only when the script runs.</summary>
    ComputedText,
}
