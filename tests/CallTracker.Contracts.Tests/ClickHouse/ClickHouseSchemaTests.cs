using CallTracker.Contracts.ClickHouse;
using Shouldly;
using Xunit;

namespace CallTracker.Contracts.Tests.ClickHouse;

/// <summary>How schema files are taken apart.</summary>
public sealed class ClickHouseSchemaTests
{
    [Fact]
    public void Statements_OfAFile_EndAtLinesEndingInSemicolon()
    {
        const string Sql =
            "-- a comment;\nCREATE TABLE a\n(\n  x String DEFAULT ';'\n);\n\n-- b\nSELECT 'a;b', 1;\nSELECT 2\n";
        ClickHouseSchema.Statements(Sql).ShouldBe(
            ["CREATE TABLE a\n(\n  x String DEFAULT ';'\n)", "SELECT 'a;b', 1", "SELECT 2"]);
    }

    [Fact]
    public void Files_OfTheBuild_ComeInOrderAndBeginWithTheDatabase()
    {
        var names = ClickHouseSchema.Files().Select(f => f.File).ToList();
        names[0].ShouldStartWith("000_");
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        names.ShouldContain("010_call_records.sql");
    }
}
