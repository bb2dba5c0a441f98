namespace CallTracker.Tidy.Tests.Source;

/// <summary>One file of the repository, with its text in the forms that checks read. Immutable.</summary>
internal sealed class TextFile
{
    private readonly Lazy<CSharpText> _csharp;

    /// <summary>Takes the path from the root (with <c>/</c>), the text (none for binaries), size and mode.</summary>
    public TextFile(string path, string text, long length, bool isExecutable)
    {
        Path = path;
        Text = text;
        Length = length;
        IsExecutable = isExecutable;
        Lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        _csharp = new Lazy<CSharpText>(() => CSharpText.Read(Text));
    }

    public string Path { get; }
    public string Text { get; }
    public long Length { get; }
    public bool IsExecutable { get; }
    public IReadOnlyList<string> Lines { get; }
    public string Name => System.IO.Path.GetFileName(Path);
    public string Extension => System.IO.Path.GetExtension(Path);
    public bool IsCSharp => Extension == ".cs";
    /// <summary>Captured or made input of parsers: bytes, not prose, and exempt from the rules for text.</summary>
    public bool IsCorpus => Path.StartsWith("tests/", StringComparison.Ordinal) && Path.Contains("/Corpus/");
    /// <summary>A bash script: by its first line, or by where it lies.</summary>
    public bool IsScript => Extension == ".sh" || Text.StartsWith("#!", StringComparison.Ordinal)
        || (Extension.Length == 0 && (Path.StartsWith("ops/", StringComparison.Ordinal) || Path.StartsWith(".ci/")));
    /// <summary>The text with its strings and comments told apart; for C# only.</summary>
    public CSharpText CSharp => _csharp.Value;

    /// <summary>The line (from 1) that holds the character at <paramref name="offset"/>.</summary>
    public int LineAt(int offset) => CSharpText.LineAt(Text, offset);
}
