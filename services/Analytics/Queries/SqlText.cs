using System.Globalization;
using System.Text;
using Npgsql;

namespace ApiSvc.Analytics.Queries;

/// <summary>
/// Builds a statement: what comes from a request goes in only as a parameter, and texts are only appended that stand in
/// this code.
/// </summary>
internal sealed class SqlText
{
    private readonly StringBuilder _text = new();
    private readonly List<object> _parameters = [];

    public SqlText Append(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>Adds a value.</summary>
    /// <returns>What stands for it in the statement.</returns>
    public string Parameter(object value)
    {
        _parameters.Add(value);
        return "$" + _parameters.Count.ToString(CultureInfo.InvariantCulture);
    }

    public NpgsqlCommand ToCommand(NpgsqlConnection db, TimeSpan timeout)
    {
        var command = new NpgsqlCommand(_text.ToString(), db)
        {
            CommandTimeout = (int)timeout.TotalSeconds,
        };
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return command;
    }

    public override string ToString() => _text.ToString();
}
