namespace CallTracker.Tidy.Tests.Source;

/// <summary>One declaration found in a C# file. Immutable.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name; empty when it has none.</param>
/// <param name="Depth">How many types it stands in.</param>
/// <param name="FirstLine">Line (from 1) where it starts, after its attributes and comments.</param>
/// <param name="LastLine">Line of its closing brace or semicolon.</param>
/// <param name="Attributes">The text of its attributes.</param>
/// <param name="Header">Its text up to the body.</param>
internal sealed record Member(
    MemberKind Kind, string Name, int Depth, int FirstLine, int LastLine, string Attributes, string Header)
{
    public int LineCount => LastLine - FirstLine + 1;
}
