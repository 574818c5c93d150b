namespace Enclave.JavaScript.Parsing;

/// <summary>What the text shows of a value: the number, that it is a text, or nothing.</summary>
/// <remarks>The characters of a text are not kept: an enum of a few lines could double them with each member.</remarks>
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

/// <summary>What the text shows of a value.</summary>
internal enum EnumValueKind : byte
{
    /// <summary>Only the run shows it.</summary>
    Unknown,
    Number,
    Text,

    /// <summary>A text of which only the run shows the characters.</summary>
    ComputedText,
}
