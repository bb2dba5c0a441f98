namespace CallTracker.ClickHouseEmbedded.Sql;

/// <summary>The statements that this server treats differently.</summary>
internal enum StatementKind
{
    /// <summary>Anything that is complete in its text; may have a result.</summary>
    Other,

    /// <summary>INSERT with its rows behind VALUES or FORMAT: they are streamed.</summary>
    InsertRows,

    /// <summary>Rows come from a query: nothing is streamed.</summary>
    InsertSelect,

    /// <summary>INSERT … SELECT … FROM input(…): the engine would run it without its rows, and say nothing.</summary>
    InsertInput,

    /// <summary>INSERT … FROM INFILE: a client's statement, no server runs it.</summary>
    InsertInfile,

    /// <summary>SELECT … INTO OUTFILE: a client's statement, no server runs it.</summary>
    Outfile,
}
