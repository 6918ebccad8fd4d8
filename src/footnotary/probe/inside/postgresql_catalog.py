# ruff: noqa: E501, S608  queries as they are asked; all that is put into them is in this module
"""What is asked of PostgreSQL's system catalogs (its manual, chapter 53).

Names are written with their schema, because the search path is `pg_catalog` alone; what an
extension brought is left out.
"""

_OWN = (
    "{of}.nspname !~ '^pg_' AND {of}.nspname <> 'information_schema' AND NOT EXISTS (SELECT 1 FROM"
    " pg_depend e WHERE e.objid = {object}.oid AND e.classid = '{catalog}'::regclass"
    " AND e.deptype = 'e')"
)
_TABLES = (
    "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND "
    + _OWN.format(of="n", object="c", catalog="pg_class")
    + " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
)
_SEQUENCE = (
    "format('%s start %s increment %s min %s max %s cache %s cycle %s', s.seqtypid::regtype,"
    " s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)"
)
_STATE = (
    "concat_ws(', ', CASE WHEN NOT {x}.indisvalid THEN 'invalid' END, CASE WHEN {x}.indisclustered"
    " THEN 'clustered' END, CASE WHEN {x}.indisreplident THEN 'replica identity' END, (SELECT"
    " 'tablespace ' || t.spcname FROM pg_tablespace t JOIN pg_class o ON o.reltablespace = t.oid"
    " WHERE o.oid = {x}.indexrelid), (SELECT 'statistics ' || string_agg(a.attnum || ' ' ||"
    " a.attstattarget, ' ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = {x}.indexrelid"
    " AND a.attstattarget > -1))"
)
QUERIES = {
    "extensions": """
        SELECT e.extname AS name, n.nspname AS schema FROM pg_extension e
        JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY 1""",
    "relations": f"""
        SELECT n.nspname AS of, c.relname AS name, c.relkind::text AS kind,
          CASE c.relpersistence WHEN 'p' THEN '' ELSE c.relpersistence::text END AS persistence,
          c.relispartition AS partition, array_to_string(c.reloptions, ', ') AS options,
          obj_description(c.oid, 'pg_class') AS comment,
          CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioned,
          pg_get_expr(c.relpartbound, c.oid) AS bound,
          CASE WHEN NOT c.relispopulated THEN 'no' END AS populated,
          (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
             FROM pg_inherits i WHERE i.inhrelid = c.oid) AS parents,
          concat_ws(', ', CASE WHEN c.relrowsecurity THEN 'on' END,
            CASE WHEN c.relforcerowsecurity THEN 'forced' END) AS row_security,
          CASE WHEN c.relkind IN ('r', 'p') THEN NULLIF(c.relreplident, 'd')::text END AS replica_identity,
          (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS access_method,
          (SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
             WHERE f.ftrelid = c.oid) AS server,
          (SELECT array_to_string(o.reloptions, ', ') FROM pg_class o WHERE o.oid = c.reltoastrelid) AS toast_options,
          NULLIF(c.reloftype, 0)::regtype::text AS of_type,
          (SELECT 'not enforced' FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgisinternal
             AND g.tgenabled <> 'O' LIMIT 1) AS foreign_keys,
          (SELECT spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace) AS tablespace,
          CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition
        FROM {_TABLES} ORDER BY 1, 2""",
    "columns": f"""
        SELECT n.nspname AS of, c.relname AS tbl, a.attname AS name,
          format_type(a.atttypid, a.atttypmod) AS type,
          CASE WHEN a.attnotnull THEN 'NOT NULL' ELSE 'NULL' END AS "null",
          a.attidentity::text AS identity, {{generated}} AS generated,
          pg_get_expr(d.adbin, d.adrelid) AS value,
          CASE WHEN a.attcollation <> t.typcollation
            THEN (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation) END AS collation,
          CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
          {{compression}} AS compression, NULLIF(a.attstattarget, -1) AS statistics,
          (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o
             WHERE o ~ '^n_distinct') AS options, -- 15.20 keeps notes of its own there
          CASE WHEN a.attidentity <> '' THEN (SELECT {_SEQUENCE} FROM pg_depend p
             JOIN pg_sequence s ON s.seqrelid = p.objid WHERE p.refclassid = 'pg_class'::regclass
             AND p.refobjid = c.oid AND p.refobjsubid = a.attnum AND p.deptype = 'i'
             AND p.classid = 'pg_class'::regclass LIMIT 1) END AS numbers,
          col_description(c.oid, a.attnum) AS comment
        FROM {_TABLES} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          AND NOT a.attisdropped AND NOT c.relispartition
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum ORDER BY 1, 2, 3""",
    "constraints": f"""
        SELECT n.nspname AS of, c.relname AS tbl, k.conname AS name, k.contype::text AS kind,
          pg_get_constraintdef(k.oid) AS definition,
          CASE WHEN k.contype IN ('p', 'u', 'x') THEN pg_get_indexdef(k.conindid) END AS index,
          CASE WHEN k.contype IN ('p', 'u', 'x') THEN (SELECT {_STATE.format(x="x")}
            FROM pg_index x WHERE x.indexrelid = k.conindid) END AS state,
          obj_description(k.oid, 'pg_constraint') AS comment
        FROM {_TABLES} JOIN pg_constraint k ON k.conrelid = c.oid AND k.conislocal
          AND (k.contype IN ('p', 'u', 'f', 'c', 'x') OR k.contype = 'n'
            AND (NOT k.convalidated OR k.connoinherit))
          AND NOT c.relispartition ORDER BY 1, 2, 3""",
    "indexes": f"""
        SELECT n.nspname AS of, c.relname AS tbl, i.relname AS name,
          pg_get_indexdef(x.indexrelid) AS definition,
          {_STATE.format(x="x")} AS state,
          obj_description(i.oid, 'pg_class') AS comment
        FROM {_TABLES} JOIN pg_index x ON x.indrelid = c.oid AND NOT c.relispartition
        JOIN pg_class i ON i.oid = x.indexrelid
        WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid
          AND k.contype IN ('p', 'u', 'x')) ORDER BY 1, 2, 3""",
    "triggers": f"""
        SELECT n.nspname AS of, c.relname AS tbl, t.tgname AS name, 'trigger' AS kind,
          pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' (' || t.tgenabled::text ||
          ')' END AS definition, obj_description(t.oid, 'pg_trigger') AS comment FROM {_TABLES} JOIN pg_trigger t ON t.tgrelid = c.oid
          AND NOT t.tgisinternal
        UNION ALL SELECT n.nspname, c.relname, r.rulename, 'rule', pg_get_ruledef(r.oid)
          || CASE r.ev_enabled WHEN 'O' THEN '' ELSE ' (' || r.ev_enabled::text || ')' END,
          obj_description(r.oid, 'pg_rewrite') FROM {_TABLES} JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
        UNION ALL SELECT n.nspname, c.relname, p.polname, 'policy', format('%s %s TO %s USING %s CHECK %s',
          p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
          (SELECT string_agg(COALESCE(o.rolname, 'public'), ', ' ORDER BY o.rolname)
             FROM unnest(p.polroles) u LEFT JOIN pg_roles o ON o.oid = u),
          pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)),
          obj_description(p.oid, 'pg_policy') FROM {_TABLES} JOIN pg_policy p ON p.polrelid = c.oid
        UNION ALL SELECT n.nspname, c.relname, x.stxname, 'statistics', pg_get_statisticsobjdef(x.oid)
          || COALESCE(' ' || NULLIF(to_jsonb(x)->>'stxstattarget', '-1'), ''),
          obj_description(x.oid, 'pg_statistic_ext')
          FROM {_TABLES} JOIN pg_statistic_ext x ON x.stxrelid = c.oid ORDER BY 1, 2, 3""",
    "types": f"""
        SELECT n.nspname AS of, t.typname AS name, 'enum' AS kind, (SELECT string_agg(
          quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder) FROM pg_enum l
          WHERE l.enumtypid = t.oid) AS definition, obj_description(t.oid, 'pg_type') AS comment
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          AND {_OWN.format(of="n", object="t", catalog="pg_type")} WHERE t.typtype = 'e'
        UNION ALL SELECT n.nspname, t.typname, 'domain', concat_ws(' ', format_type(t.typbasetype,
          t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault,
          (SELECT 'COLLATE ' || l.collname FROM pg_collation l JOIN pg_type b ON b.oid = t.typbasetype
             WHERE l.oid = t.typcollation AND l.oid <> b.typcollation),
          (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
             FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')),
          obj_description(t.oid, 'pg_type')
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          AND {_OWN.format(of="n", object="t", catalog="pg_type")} WHERE t.typtype = 'd'
        UNION ALL SELECT n.nspname, t.typname, 'composite', (SELECT string_agg(quote_ident(a.attname)
          || ' ' || format_type(a.atttypid, a.atttypmod) || COALESCE((SELECT ' COLLATE ' || l.collname
          FROM pg_collation l JOIN pg_type b ON b.oid = a.atttypid WHERE l.oid = a.attcollation
          AND l.oid <> b.typcollation), ''), ', ' ORDER BY a.attnum) FROM pg_attribute a
          WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
          obj_description(t.oid, 'pg_type')
        FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
        JOIN pg_namespace n ON n.oid = t.typnamespace AND {_OWN.format(of="n", object="t", catalog="pg_type")}
        UNION ALL SELECT n.nspname, t.typname, 'range', format('of %s %s %s %s %s', r.rngsubtype::regtype,
          (SELECT o.opcname FROM pg_opclass o WHERE o.oid = r.rngsubopc), r.rngsubdiff, r.rngcanonical,
          (SELECT l.collname FROM pg_collation l WHERE l.oid = r.rngcollation)), obj_description(t.oid, 'pg_type')
        FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid
        JOIN pg_namespace n ON n.oid = t.typnamespace AND {_OWN.format(of="n", object="t", catalog="pg_type")}
        UNION ALL SELECT n.nspname, l.collname, 'collation', (to_jsonb(l) - 'oid' - 'collname'
          - 'collnamespace' - 'collowner' - 'collversion')::text, obj_description(l.oid, 'pg_collation')
        FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
          AND {_OWN.format(of="n", object="l", catalog="pg_collation")} ORDER BY 1, 2""",
    "sequences": f"""
        SELECT n.nspname AS of, c.relname AS name, {_SEQUENCE} AS definition,
          CASE WHEN c.relpersistence <> 'p' THEN c.relpersistence::text END AS persistence,
          obj_description(c.oid, 'pg_class') AS comment,
          (SELECT p.refobjid::regclass::text || '.' || a.attname FROM pg_depend p
             JOIN pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
             WHERE p.objid = c.oid AND p.deptype = 'a' AND p.classid = 'pg_class'::regclass
             AND p.refobjsubid > 0 LIMIT 1) AS owned
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relkind = 'S'
          AND {_OWN.format(of="n", object="c", catalog="pg_class")}
        JOIN pg_sequence s ON s.seqrelid = c.oid
        WHERE NOT EXISTS (SELECT 1 FROM pg_depend p WHERE p.objid = c.oid AND p.deptype = 'i'
          AND p.classid = 'pg_class'::regclass) ORDER BY 1, 2""",
}
