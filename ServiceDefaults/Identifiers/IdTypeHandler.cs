using System.Data;
using Dapper;

namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>Maps <see cref="Id{TKind}"/> to <c>uuid</c> in Dapper. A service registers each kind that it stores.</summary>
public sealed class IdTypeHandler<TKind> : SqlMapper.TypeHandler<Id<TKind>>
    where TKind : IIdKind
{
    private IdTypeHandler() { }

    /// <summary>Registers the mapping for the whole process; again does no harm.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Design",
        "CA1000:Do not declare static members on generic types",
        Justification = "One call, by kind, is the plainest form."
    )]
    public static void Register() => SqlMapper.AddTypeHandler(new IdTypeHandler<TKind>());

    /// <inheritdoc />
    public override Id<TKind> Parse(object value) => new((Guid)value);

    /// <inheritdoc />
    public override void SetValue(IDbDataParameter parameter, Id<TKind> value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.DbType = DbType.Guid;
        parameter.Value = value.Value;
    }
}
