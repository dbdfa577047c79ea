namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>One statement of a script and the line that it starts on, from 1.</summary>
internal readonly record struct SqlStatement(string Text, int Line);

/// <summary>
/// Cuts a script into its statements, so that each can be run alone (some refuse to run together) and a failure
/// can be told by its line. Knows quotes, comments and dollar quotes; a function body written as
/// <c>BEGIN ATOMIC … END</c> is not supported, a dollar-quoted one is.
/// </summary>
internal static class SqlScript
{
    public static IEnumerable<SqlStatement> Split(string sql)
    {
        var start = 0;
        for (var i = 0; i < sql.Length; )
        {
            if (sql[i] == ';')
            {
                i++;
                if (Statement(sql, start, i) is { } statement)
                {
                    yield return statement;
                }

                start = i;
            }
            else
            {
                i = SkipToken(sql, i);
            }
        }

        if (Statement(sql, start, sql.Length) is { } last)
        {
            yield return last;
        }
    }

    // Leading comments are left out, so that the line is the one of the statement itself.
    private static SqlStatement? Statement(string sql, int start, int end)
    {
        while (start < end)
        {
            if (char.IsWhiteSpace(sql[start]) || sql[start] == ';')
            {
                start++;
            }
            else if (IsAt(sql, start, "--") || IsAt(sql, start, "/*"))
            {
                start = SkipToken(sql, start);
            }
            else
            {
                return new(sql[start..end], 1 + sql.AsSpan(0, start).Count('\n'));
            }
        }

        return null;
    }

    private static int SkipToken(string sql, int at) =>
        sql[at] switch
        {
            '\'' => SkipQuoted(sql, at, escapes: at > 0 && sql[at - 1] is 'e' or 'E'),
            '"' => SkipQuoted(sql, at, escapes: false),
            '-' when IsAt(sql, at, "--") => After(sql, "\n", at),
            '/' when IsAt(sql, at, "/*") => SkipBlockComment(sql, at),
            '$' when at == 0 || !IsWord(sql[at - 1]) => SkipDollarQuoted(sql, at),
            _ => at + 1,
        };

    // A doubled quote closes and opens again: the same as one that stays open.
    private static int SkipQuoted(string sql, int at, bool escapes)
    {
        var quote = sql[at];
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (escapes && sql[i] == '\\')
            {
                i++;
            }
            else if (sql[i] == quote)
            {
                return i + 1;
            }
        }

        return sql.Length;
    }

    // Block comments nest in SQL.
    private static int SkipBlockComment(string sql, int at)
    {
        var depth = 0;
        for (var i = at; i < sql.Length; i++)
        {
            if (IsAt(sql, i, "/*"))
            {
                depth++;
                i++;
            }
            else if (IsAt(sql, i, "*/"))
            {
                i++;
                if (--depth == 0)
                {
                    return i + 1;
                }
            }
        }

        return sql.Length;
    }

    private static int SkipDollarQuoted(string sql, int at)
    {
        var close = at + 1;
        while (close < sql.Length && IsWord(sql[close]))
        {
            close++;
        }

        // $1 is a parameter and no quote.
        return close < sql.Length && sql[close] == '$' && !char.IsAsciiDigit(sql[at + 1])
            ? After(sql, sql[at..(close + 1)], close + 1)
            : at + 1;
    }

    private static int After(string sql, string end, int from)
    {
        var found = sql.IndexOf(end, from, StringComparison.Ordinal);
        return found < 0 ? sql.Length : found + end.Length;
    }

    private static bool IsAt(string sql, int at, string text) =>
        string.CompareOrdinal(sql, at, text, 0, text.Length) == 0;

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
