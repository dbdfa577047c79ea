using ApiSvc.ServiceDefaults.Migrations;

namespace ApiSvc.ServiceDefaults.Tests.Migrations;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("select 1; select 2;", "select 1;|select 2;")]
    [InlineData("select 1;;\n ; select 2", "select 1;|select 2")]
    [InlineData("select ';'; select 2", "select ';';|select 2")]
    [InlineData("select 'it''s;'; select 2", "select 'it''s;';|select 2")]
    [InlineData("select E'\\';'; select 2", "select E'\\';';|select 2")]
    [InlineData("select '\\'; select 2", "select '\\';|select 2")]
    [InlineData("select 1 as \"a;b\"; select 2", "select 1 as \"a;b\";|select 2")]
    [InlineData("select 1 -- ; no\n; select 2", "select 1 -- ; no\n;|select 2")]
    [InlineData("select /* ; /* ; */ ; */ 1; select 2", "select /* ; /* ; */ ; */ 1;|select 2")]
    [InlineData("do $$ begin; end $$; select 2", "do $$ begin; end $$;|select 2")]
    [InlineData("do $a$ $$;$$ $a$; select 2", "do $a$ $$;$$ $a$;|select 2")]
    [InlineData("select a$b$c; select $1; select 2", "select a$b$c;|select $1;|select 2")]
    [InlineData("-- nothing\n/* here */ ;", "")]
    [InlineData("select 'open; select 2", "select 'open; select 2")]
    public void Split_AnyScript_CutsBetweenStatements(string sql, string statements) =>
        string.Join('|', SqlScript.Split(sql).Select(s => s.Text)).ShouldBe(statements);

    [Fact]
    public void Split_CommentsAbove_TellsTheLineOfTheStatement() =>
        SqlScript
            .Split("-- one\n\nselect 1;\n-- four\nselect\n2;")
            .Select(s => s.Line)
            .ShouldBe([3, 5]);
}
