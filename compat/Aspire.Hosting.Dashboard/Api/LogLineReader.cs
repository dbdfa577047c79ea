using System.Text.RegularExpressions;
using Aspire.Hosting.Dashboard.Telemetry.Logs;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>A line of a log as a browser gets it.</summary>
internal sealed record LogLineView(
    long Number,
    string Text,
    DateTimeOffset? At,
    LogLevelWord Level
);

/// <summary>Reads the lines of one log, one after the other: without colours, with the level that their words tell.</summary>
internal sealed partial class LogLineReader
{
    private const int MaxLength = 8192;

    private LogLevelWord _before = LogLevelWord.Information;

    public LogLineView Read(DashboardLogLine line)
    {
        var text = Escapes().Replace(line.Text, "");
        if (text.Length > MaxLength)
        {
            text = text[..MaxLength] + "…";
        }

        // What is indented belongs to the line above it: a message, a stack trace.
        var level =
            text.Length > 0 && char.IsWhiteSpace(text[0]) ? _before
            : Words().Match(text) is { Success: true } word ? LevelOf(word.Value)
            : line.IsError ? LogLevelWord.Error
            : LogLevelWord.Information;
        _before = level;
        return new LogLineView(line.Number, text, line.At, level);
    }

    private static LogLevelWord LevelOf(string word) =>
        word.TrimEnd(':').ToUpperInvariant() switch
        {
            "TRCE" or "TRACE" => LogLevelWord.Trace,
            "DBUG" or "DEBUG" => LogLevelWord.Debug,
            "WARN" or "WARNING" => LogLevelWord.Warning,
            "FAIL" or "ERROR" => LogLevelWord.Error,
            "CRIT" or "CRITICAL" or "FATAL" or "PANIC" => LogLevelWord.Critical,
            _ => LogLevelWord.Information,
        };

    // Console logger: "fail: Category[0]". Postgres: "2026-01-01 10:00:00 UTC [17] ERROR:  …". Others say it in capitals.
    [GeneratedRegex(
        @"^(trce|dbug|info|warn|fail|crit):|\b(TRACE|DEBUG|INFO|LOG|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|PANIC)\b:?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Words();

    // ECMA-48 control sequences, and operating system commands such as a window's title.
    [GeneratedRegex(
        @"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)|[@-Z\\^_])|[\x00-\x08\x0B-\x1A\x1C-\x1F]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Escapes();
}
