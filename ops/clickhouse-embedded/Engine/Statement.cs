using System.Text;
using CallTracker.ClickHouseEmbedded.Sql;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>A query text with the places of its clauses.</summary>
internal readonly record struct Statement(ReadOnlyMemory<byte> Text, StatementShape Shape)
{
    /// <summary>The text up to its FORMAT or VALUES clause.</summary>
    public ReadOnlySpan<byte> Head => Text.Span[..Shape.HeadEnd];

    /// <summary>The same statement, its result written into a file: INTO OUTFILE stands before FORMAT.</summary>
    public byte[] WithOutfile(string path) =>
    [
        .. Head,
        .. Encoding.ASCII.GetBytes($" INTO OUTFILE '{path}' APPEND "),
        .. Text.Span[Shape.HeadEnd..Shape.TextEnd],
    ];
}
