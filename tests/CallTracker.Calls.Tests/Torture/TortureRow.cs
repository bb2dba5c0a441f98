namespace CallTracker.Calls.Tests.Torture;

/// <summary>One message of RFC 4475: where it stands there, what is asked, and what becomes of it here.</summary>
internal sealed record TortureRow(string File, string Section, string Asks, string Outcome)
{
    /// <summary>The rows of the table beside this type.</summary>
    public static IReadOnlyList<TortureRow> All { get; } =
    [
        .. System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Torture", "torture.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Select(columns => new TortureRow(columns[0], columns[1], columns[2], columns[3])),
    ];

    /// <summary>The table as the document shows it.</summary>
    public static string ToMarkdown() =>
        "# The messages of RFC 4475\n\n" +
        "What the RFC asks of each, and what parser, transactions and call engine together make of it: the parser's\n" +
        "result, then the status that is answered. \"Dropped\" is counted and gets no answer; \"stray\" is a " +
        "response that\nnobody waits for. The node takes calls to telephone numbers: a well-formed INVITE to a name " +
        "ends with 404, one\ninside a dialog that is not ours with 481, and a method that it has no use for with " +
        "405.\n\n" +
        "A test of CallTracker.Calls.Tests drives each message and compares this page; with " +
        "`CALLTRACKER_WRITE_DOCS=1`\nit writes it.\n\n" +
        "| section | message | RFC 4475 asks | here |\n|---|---|---|---|\n" +
        string.Concat(All.Select(row => $"| {row.Section} | {row.File} | {row.Asks} | {row.Outcome} |\n"));
}
