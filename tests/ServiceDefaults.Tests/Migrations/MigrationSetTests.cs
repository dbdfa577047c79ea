using ApiSvc.ServiceDefaults.Migrations;

namespace ApiSvc.ServiceDefaults.Tests.Migrations;

public sealed class MigrationSetTests
{
    [Fact]
    public void Create_Gap_SaysWhichNumberIsMissing() =>
        Refused("0001_a.sql", "0003_c.sql")
            .ShouldBe(
                "Migration catalog/0002 is missing: catalog/0003_c.sql follows. Numbers start at 1 and have no gaps."
            );

    [Fact]
    public void Create_NumberTwice_NamesBothFiles()
    {
        var message = Refused("0001_a.sql", "0002_b.sql", "0002_c.sql");
        message.ShouldContain("catalog/0002_b.sql");
        message.ShouldContain("catalog/0002_c.sql");
    }

    [Theory]
    [InlineData("1_a.sql")]
    [InlineData("0001-a.sql")]
    [InlineData("0001_A.sql")]
    public void Create_OtherName_Refuses(string file) => Refused(file).ShouldContain($"'{file}'");

    [Fact]
    public void Create_OutOfOrder_Sorts() =>
        MigrationSet
            .Create("catalog", [("0002_b.sql", ""), ("0001_a.sql", "")])
            .Migrations.Select(m => m.Number)
            .ShouldBe([1, 2]);

    [Fact]
    public void Checksum_OtherLineEndings_IsTheSame()
    {
        var unix = MigrationSet.Create("a", [("0001_a.sql", "select 1;\nselect 2;\n")]);
        var windows = MigrationSet.Create("a", [("0001_a.sql", "select 1;\r\nselect 2;\r\n")]);

        windows.Migrations[0].Checksum.ShouldBe(unix.Migrations[0].Checksum);
    }

    [Fact]
    public void Read_ServiceDefaults_FindsItsOwn() =>
        MigrationSet
            .Read("defaults", typeof(MigrationSet).Assembly)
            .Migrations[0]
            .ToString()
            .ShouldBe("defaults/0001_service.sql");

    private static string Refused(params string[] files) =>
        Should
            .Throw<MigrationException>(() =>
                MigrationSet.Create("catalog", files.Select(f => (f, "select 1;")))
            )
            .Message;
}
