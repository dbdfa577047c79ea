using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Api;
using Aspire.Hosting.Dashboard.Telemetry.Logs;

namespace ApiSvc.Dashboard.Tests.Api;

public sealed class LogLineReaderTests
{
    [Theory]
    [InlineData("info: Web[0]", LogLevelWord.Information)]
    [InlineData("warn: Web[0]", LogLevelWord.Warning)]
    [InlineData(
        "\u001b[41m\u001b[30mfail\u001b[39m\u001b[22m\u001b[49m: Web[0]",
        LogLevelWord.Error
    )]
    [InlineData(
        "2026-01-01 10:00:00 UTC [17] FATAL:  the database is starting up",
        LogLevelWord.Critical
    )]
    [InlineData("2026-01-01 10:00:00 UTC [17] LOG:  ready", LogLevelWord.Information)]
    [InlineData("12:00:01 DEBUG polled", LogLevelWord.Debug)]
    [InlineData("nothing failed", LogLevelWord.Information)]
    public void Read_WordOfALevel_IsItsLevel(string text, object level)
    {
        var line = new LogLineReader().Read(new(1, text));

        line.Level.ShouldBe((LogLevelWord)level);
        line.Text.ShouldNotContain("\u001b");
    }

    [Fact]
    public void Read_IndentedLine_BelongsToTheOneAbove()
    {
        var reader = new LogLineReader();

        var levels = (
            (string[])["fail: Web[0]", "      It broke", "", "info: Web[0]", "      Fine"]
        )
            .Select((text, i) => reader.Read(new(i, text)).Level)
            .ToList();

        levels.ShouldBe([
            LogLevelWord.Error,
            LogLevelWord.Error,
            LogLevelWord.Information,
            LogLevelWord.Information,
            LogLevelWord.Information,
        ]);
    }

    [Fact]
    public void Read_StandardErrorWithoutAWord_IsAnError() =>
        new LogLineReader()
            .Read(new(1, "Unhandled exception.", IsError: true))
            .Level.ShouldBe(LogLevelWord.Error);

    [Fact]
    public void Read_EndlessLine_IsCut() =>
        new LogLineReader().Read(new(1, new string('x', 1_000_000))).Text.Length.ShouldBe(8193);
}
