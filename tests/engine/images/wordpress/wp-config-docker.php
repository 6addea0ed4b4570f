<?php // reads WORDPRESS_… at run time
