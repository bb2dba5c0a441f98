using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>One state and input of one machine, as <c>figures.tsv</c> lays it beside the RFC's figure.</summary>
internal sealed record FigureRow(
    TransactionKind Machine, TransactionState State, TransactionInput Input, TransactionState Next,
    TransactionActions Actions, string Why, string Test)
{
    /// <summary>All rows of the table.</summary>
    public static IReadOnlyList<FigureRow> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Transactions", "figures.tsv"))
            .Skip(1)
            .Select(line => Parse(line.Split('\t'))),
    ];

    // figure, machine, state, input, next, actions, timers or why nothing happens, test
    private static FigureRow Parse(string[] columns) => new(
        Enum.Parse<TransactionKind>(columns[1]),
        Enum.Parse<TransactionState>(columns[2]),
        Enum.Parse<TransactionInput>(columns[3]),
        Enum.Parse<TransactionState>(columns[4]),
        columns[5] == "-" ? TransactionActions.None : Enum.Parse<TransactionActions>(columns[5]),
        columns[6],
        columns[7]);
}
