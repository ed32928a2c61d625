call retort#ale#Define('sql')
