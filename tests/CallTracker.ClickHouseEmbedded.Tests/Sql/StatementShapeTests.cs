using System.Text;
using CallTracker.ClickHouseEmbedded.Sql;
using Shouldly;
using Xunit;

namespace CallTracker.ClickHouseEmbedded.Tests.Sql;

/// <summary>Where the clauses are found, and where look-alikes are not. No engine.</summary>
public sealed class StatementShapeTests
{
    [Theory]
    [InlineData("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t", "CSV", "1,2")]
    [InlineData("insert into t format CSV 1,2", "insert into t", "CSV", "1,2")]
    [InlineData("INSERT INTO t (a, b) FORMAT RowBinary\n\0\n;", "INSERT INTO t (a, b)", "RowBinary", "\0\n;")]
    [InlineData("INSERT INTO t FORMAT TSV \t\r\n1", "INSERT INTO t", "TSV", "1")]
    [InlineData("INSERT INTO t FORMAT TSV\n\n1", "INSERT INTO t", "TSV", "\n1")]
    [InlineData("INSERT INTO db.t VALUES (1), (2)", "INSERT INTO db.t", "Values", " (1), (2)")]
    [InlineData("INSERT INTO TABLE t VALUES(1)", "INSERT INTO TABLE t", "Values", "(1)")]
    [InlineData("INSERT INTO `format`.`values` FORMAT X\n1", "INSERT INTO `format`.`values`", "X", "1")]
    [InlineData("INSERT INTO format VALUES (1)", "INSERT INTO format", "Values", " (1)")]
    [InlineData("INSERT INTO values.format FORMAT X\n1", "INSERT INTO values.format", "X", "1")]
    [InlineData("INSERT INTO t (format, values) FORMAT X\n1", "INSERT INTO t (format, values)", "X", "1")]
    [InlineData("INSERT INTO t SETTINGS a='FORMAT Y' FORMAT X\n1", "INSERT INTO t SETTINGS a='FORMAT Y'", "X", "1")]
    [InlineData("/* FORMAT A */ INSERT INTO t -- FORMAT B\nFORMAT X\n1", "/* FORMAT A */ INSERT INTO t", "X", "1")]
    [InlineData("INSERT INTO FUNCTION file('x', 'CSV') FORMAT X\n1", "INSERT INTO FUNCTION file('x', 'CSV')", "X", "1")]
    public void Insert_WithRows_EndsHeadAndFindsRows(string text, string head, string format, string rows)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        var shape = StatementShape.Read(bytes);

        shape.Kind.ShouldBe(StatementKind.InsertRows);
        shape.Format.ShouldBe(format);
        Encoding.UTF8.GetString(bytes[..shape.HeadEnd]).ShouldBe(head);
        Encoding.UTF8.GetString(bytes[shape.RowsAt..]).ShouldBe(rows);
    }

    [Theory]
    [InlineData("SELECT 1", "SELECT 1", "SELECT 1", null)]
    [InlineData("SELECT 1;", "SELECT 1", "SELECT 1", null)]
    [InlineData("SELECT 1 -- tail", "SELECT 1", "SELECT 1", null)]
    [InlineData("SELECT 1 FORMAT JSON", "SELECT 1", "SELECT 1 FORMAT JSON", "JSON")]
    [InlineData("SELECT 1 format JSON ; ", "SELECT 1", "SELECT 1 format JSON", "JSON")]
    [InlineData("SELECT 1 FORMAT JSON SETTINGS a=1", "SELECT 1", "SELECT 1 FORMAT JSON SETTINGS a=1", "JSON")]
    [InlineData("SELECT 1 SETTINGS a=1 FORMAT X", "SELECT 1 SETTINGS a=1", "SELECT 1 SETTINGS a=1 FORMAT X", "X")]
    [InlineData("SELECT 1 AS format", "SELECT 1 AS format", "SELECT 1 AS format", null)]
    [InlineData("SELECT format FROM t", "SELECT format FROM t", "SELECT format FROM t", null)]
    [InlineData("SELECT t.format f FROM t", "SELECT t.format f FROM t", "SELECT t.format f FROM t", null)]
    [InlineData("SELECT * FROM format", "SELECT * FROM format", "SELECT * FROM format", null)]
    [InlineData("SELECT a, format b", "SELECT a, format b", "SELECT a, format b", null)]
    [InlineData("SELECT 'FORMAT JSON'", "SELECT 'FORMAT JSON'", "SELECT 'FORMAT JSON'", null)]
    [InlineData("SELECT 'it''s \\' FORMAT X'", "SELECT 'it''s \\' FORMAT X'", "SELECT 'it''s \\' FORMAT X'", null)]
    [InlineData("SELECT $a$ FORMAT X $a$", "SELECT $a$ FORMAT X $a$", "SELECT $a$ FORMAT X $a$", null)]
    [InlineData("(SELECT 1 FORMAT X)", "(SELECT 1 FORMAT X)", "(SELECT 1 FORMAT X)", null)]
    [InlineData("SELECT x || format('{}', 1) FORMAT CSV", "SELECT x || format('{}', 1)",
        "SELECT x || format('{}', 1) FORMAT CSV", "CSV")]
    public void Statement_WithResult_FindsFormatClause(string text, string head, string whole, string? format)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        var shape = StatementShape.Read(bytes);

        shape.Kind.ShouldBe(StatementKind.Other);
        shape.Format.ShouldBe(format);
        Encoding.UTF8.GetString(bytes[..shape.HeadEnd]).ShouldBe(head);
        Encoding.UTF8.GetString(bytes[..shape.TextEnd]).ShouldBe(whole);
    }

    [Theory]
    [InlineData("INSERT INTO t SELECT 1", nameof(StatementKind.InsertSelect))]
    [InlineData("INSERT INTO t (a) WITH 1 AS x SELECT x", nameof(StatementKind.InsertSelect))]
    [InlineData("INSERT INTO t SELECT a FROM input ('a UInt8') FORMAT CSV", nameof(StatementKind.InsertInput))]
    [InlineData("INSERT INTO t SELECT input FROM u", nameof(StatementKind.InsertSelect))]
    [InlineData("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", nameof(StatementKind.InsertInfile))]
    [InlineData("SELECT 1 INTO OUTFILE '/var/x'", nameof(StatementKind.Outfile))]
    [InlineData("SELECT 1 into /* */ outfile '/var/x' FORMAT CSV", nameof(StatementKind.Outfile))]
    [InlineData("SELECT 1 AS outfile", nameof(StatementKind.Other))]
    [InlineData("", nameof(StatementKind.Other))]
    [InlineData("'", nameof(StatementKind.Other))]
    [InlineData("/*", nameof(StatementKind.Other))]
    [InlineData("'\\", nameof(StatementKind.Other))]
    [InlineData("$", nameof(StatementKind.Other))]
    [InlineData("INSERT", nameof(StatementKind.Other))]
    [InlineData("INSERT INTO t FORMAT", nameof(StatementKind.Other))]
    public void Statement_OfEachKind_IsRecognised(string text, string kind)
    {
        StatementShape.Read(Encoding.UTF8.GetBytes(text)).Kind.ToString().ShouldBe(kind);
    }

    [Fact]
    public void Statement_EveryPrefix_StaysInsideTheText()
    {
        const string Text =
            "INSERT INTO `a``b`.t ('x', $d$;$d$) /* c */ SETTINGS a = 'b\\'' -- d\n FORMAT RowBinary\n\0\u0001";
        var bytes = Encoding.UTF8.GetBytes(Text);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var shape = StatementShape.Read(bytes.AsSpan(0, length));

            shape.RowsAt.ShouldBeInRange(0, length);
            shape.HeadEnd.ShouldBeInRange(0, length);
            shape.TextEnd.ShouldBeInRange(0, length);
        }
    }

    [Fact]
    public void Statement_OfRandomBytes_NeverThrows()
    {
        var random = new Random(20261121);
        var alphabet = "'\"`$();-/*\\# \nINSERT INTO FORMAT VALUES SELECT x\0\u00ff"u8.ToArray();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(60)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = alphabet[random.Next(alphabet.Length)];

            var shape = StatementShape.Read(bytes);

            shape.HeadEnd.ShouldBeInRange(0, bytes.Length);
            shape.RowsAt.ShouldBeInRange(0, bytes.Length);
        }
    }
}
